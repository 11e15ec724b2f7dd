/**
 * A Signal is a record from the device after the door: decoded, bounded, validated, text made safe. Everything on the
 * workstation (session, recording reader, exporters, window) speaks in Signals; only decode.ts sees protobuf.
 * Signals survive structured clone; columns are typed arrays so that they cross a MessagePort cheaply.
 */
import type { Fault } from './fault.ts';

/** Nanoseconds on the device's CLOCK_MONOTONIC. A double holds them exactly for 104 days of uptime, to 2 ns beyond. */
export type MonotonicNs = number;
/** Milliseconds since 1970 on the device's wall clock, which may be wrong. */
export type DeviceWallMs = number;

export type Signal =
  | DeviceSignal
  | DefinitionsSignal
  | WindowSignal
  | CostSignal
  | ClockSignal
  | ProbeSignal
  | NoteSignal;

export interface DeviceSignal {
  readonly kind: 'device';
  readonly hostname: string;
  readonly machine: string;
  readonly kernelRelease: string;
  readonly kernelVersion: string;
  readonly osName: string;
  readonly onlineCpus: number;
  readonly memoryBytes: number;
  readonly bootId: string;
  readonly uptimeNs: number;
  readonly cpuModel: string;
  readonly hardwareModel: string;
  readonly hasBtf: boolean;
  readonly agentVersion: string;
  readonly nodeVersion: string;
  readonly pageSize: number;
  /** Lower-case hex. */
  readonly runId: string;
}

export interface ProcessDef {
  readonly id: number;
  readonly pid: number;
  /** Since boot; 0 = it was gone before it could be asked. */
  readonly startNs: number;
  readonly comm: string;
  readonly exe: string;
  readonly commandLine: string;
  readonly cgroup: string;
  /** Its name, or its short id where no name is known; '' = on the host. */
  readonly container: string;
  /** Its short id, where `container` is a name; else ''. */
  readonly containerId: string;
  readonly unit: string;
  readonly parentPid: number;
  readonly kernelThread: boolean;
  readonly uid: number;
}

export interface ThreadDef {
  readonly id: number;
  readonly process: number;
  readonly tid: number;
  readonly comm: string;
}

export type ModuleKind = 'unknown' | 'kernel' | 'executable' | 'library' | 'jit' | 'vdso';
export interface ModuleDef {
  readonly id: number;
  readonly kind: ModuleKind;
  readonly path: string;
  /** Lower-case hex, '' if none. */
  readonly buildId: string;
}

export interface FrameDef {
  readonly id: number;
  readonly module: number;
  /**
   * File offset (executable, library, vdso) or address (all others). The low 52 bits, exact: a kernel address has ones
   * above them. Of a kernel frame it is the function's start where the device knew it.
   */
  readonly offset: number;
  /** As found on the device, still mangled; '' = not known. */
  readonly name: string;
  readonly interpreted: boolean;
}

export interface FrameName {
  readonly frame: number;
  readonly name: string;
  readonly interpreted: boolean;
}

/** Who opened it. A listening one has no remote end. */
export type FlowDirection = 'unknown' | 'out' | 'in' | 'listening';

/** Two ends that talk under one protocol, for as long as they do. What changes while they do is in the rows. */
export interface FlowDef {
  readonly id: number;
  /** As IP numbers it: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
  readonly protocol: number;
  readonly direction: FlowDirection;
  /** 0 = no addresses, which are '' then. */
  readonly family: 4 | 6 | 0;
  /** Canonical text: RFC 5952. */
  readonly localAddress: string;
  /** Of ICMP the identifier of an echo. */
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Inode of its network namespace; below 0xf0000000 the kernel's cookie of it; 0 = not known. */
  readonly netns: number;
  /** To a microsecond; 0 = before the probe. */
  readonly openedNs: MonotonicNs;
  /** Not one flow: all that found no room, of this protocol and direction. */
  readonly isOthers: boolean;
  /** The connection that Sonde itself talks over. */
  readonly isOwn: boolean;
}

/** A later one for the same address replaces it; no name: it has none any more. */
export interface AddressName {
  readonly address: string;
  readonly name: string;
  readonly source: 'hosts' | 'dns';
}

export interface DefinitionsSignal {
  readonly kind: 'definitions';
  readonly processes: readonly ProcessDef[];
  readonly threads: readonly ThreadDef[];
  readonly modules: readonly ModuleDef[];
  readonly frames: readonly FrameDef[];
  /** Id of the first node added here; node ids are firstStack + index. */
  readonly firstStack: number;
  /** Parent node per added node, 0 = root; always smaller than the node's own id. */
  readonly stackParents: Uint32Array;
  readonly stackFrames: Uint32Array;
  readonly names: readonly FrameName[];
  readonly flows: readonly FlowDef[];
  readonly addressNames: readonly AddressName[];
}

/** u32 columns are Uint32Array, u64 columns Float64Array (exact to 2^53), blobs Uint8Array[]. */
export type ColumnData = Uint32Array | Float64Array | readonly Uint8Array[];

export interface Counters {
  /** seen = kept + idle + filtered + sum(lost). */
  readonly seen: number;
  readonly kept: number;
  readonly idle: number;
  readonly filtered: number;
  readonly lost: readonly { readonly cause: string; readonly count: number }[];
  readonly incompleteStacks: number;
}

export interface WindowSignal {
  readonly kind: 'window';
  readonly probe: string;
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
  readonly rows: number;
  /** In the manifest's column order. */
  readonly columns: readonly ColumnData[];
  readonly counters: Counters;
  readonly drains: number;
}

export interface CostSignal {
  readonly kind: 'cost';
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
  readonly agentCpuNs: number;
  readonly loaderCpuNs: number;
  readonly bpfCpuNs: number;
  readonly agentResidentBytes: number;
  readonly loaderResidentBytes: number;
  readonly kernelMapBytes: number;
  readonly sentBytes: number;
  readonly spoolBytes: number;
  readonly deviceCpuBusyNs: number;
  readonly memoryAvailableBytes: number;
}

export interface ClockSignal {
  readonly kind: 'clock';
  readonly monotonicNs: MonotonicNs;
  readonly realtimeMs: DeviceWallMs;
  readonly uncertaintyNs: number;
}

export interface ProbeSignal {
  readonly kind: 'probe';
  readonly probe: string;
  readonly atNs: MonotonicNs;
  readonly what:
    | {
        readonly kind: 'started';
        readonly options: Readonly<Record<string, string>>;
        readonly mapBytes: number;
        readonly cpus: number;
      }
    | { readonly kind: 'stopped'; readonly reason: string }
    | { readonly kind: 'restarted'; readonly reason: string }
    | { readonly kind: 'failed'; readonly fault: Fault };
}

export interface NoteSignal {
  readonly kind: 'note';
  readonly atNs: MonotonicNs;
  readonly text: string;
  /** The one that fired, as protocol/triggers.ts writes it; not there = the note is not about one. */
  readonly trigger?: string;
}
