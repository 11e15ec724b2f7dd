/** The way back through the door: a Signal as the agent would have sent it, for recordings that are made of other recordings. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type * as signal from './signal.ts';
import type { Signal } from './signal.ts';
import { parseAddress } from './address.ts';
import { ColumnPacker } from './columns.ts';
import { faultToWire } from './doors.ts';
import {
  type AgentFrame,
  AgentFrameSchema,
  DefinitionsSchema,
  ModuleKind,
  WindowSchema,
} from './generated/sonde_pb.ts';
import { findProbe } from './probes/index.ts';
import { flowRunOf } from './encode-flows.ts';

type Body = NonNullable<MessageInitShape<typeof AgentFrameSchema>['body']>;

const MODULE_KINDS: Record<signal.ModuleKind, ModuleKind> = {
  unknown: ModuleKind.UNKNOWN,
  kernel: ModuleKind.KERNEL,
  executable: ModuleKind.EXECUTABLE,
  library: ModuleKind.LIBRARY,
  jit: ModuleKind.JIT,
  vdso: ModuleKind.VDSO,
};
const NS_PER_MS = 1e6;
const encoder = new TextEncoder();
const text = (value: string): Uint8Array<ArrayBuffer> => new Uint8Array(encoder.encode(value));
const hex = (value: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(value.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/**
 * Decoded again it is the same Signal. What a Signal does not have (times of other clocks, fields newer than this reader)
 * is not in the frame either.
 */
export function encodeSignal(signal: Signal, seq: bigint): AgentFrame {
  return create(AgentFrameSchema, { seq, body: bodyOf(signal) });
}

function bodyOf(signal: Signal): Body {
  switch (signal.kind) {
    case 'device': {
      const {
        kind,
        hostname,
        kernelRelease,
        kernelVersion,
        osName,
        bootId,
        cpuModel,
        hardwareModel,
        runId,
        memoryBytes,
        uptimeNs,
        ...rest
      } = signal;
      return {
        case: kind,
        value: {
          ...rest,
          hostname: text(hostname),
          kernelRelease: text(kernelRelease),
          kernelVersion: text(kernelVersion),
          osName: text(osName),
          bootId: text(bootId),
          cpuModel: text(cpuModel),
          hardwareModel: text(hardwareModel),
          runId: hex(runId),
          memoryBytes: BigInt(memoryBytes),
          uptimeNs: BigInt(uptimeNs),
        },
      };
    }
    case 'definitions':
      return definitionsBody(signal);
    case 'window':
      return windowBody(signal);
    case 'cost': {
      const { kind, ...numbers } = signal;
      const value = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, BigInt(number)]));
      return { case: kind, value };
    }
    case 'clock':
      return {
        case: 'clock',
        value: {
          monotonicNs: BigInt(signal.monotonicNs),
          realtimeNs: wallNs(signal.realtimeMs),
          uncertaintyNs: signal.uncertaintyNs,
        },
      };
    case 'note':
      return { case: 'note', value: { atNs: BigInt(signal.atNs), text: signal.text, trigger: signal.trigger ?? '' } };
    case 'probe':
      return {
        case: 'probeEvent',
        value: { probe: signal.probe, atNs: BigInt(signal.atNs), what: whatOf(signal.what) },
      };
  }
}

/** Whole milliseconds first, as on the way in. */
function wallNs(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * BigInt(NS_PER_MS) + BigInt(Math.round((ms - whole) * NS_PER_MS));
}

type ProbeWhat = Extract<Signal, { kind: 'probe' }>['what'];

function whatOf(what: ProbeWhat): NonNullable<Extract<Body, { case: 'probeEvent' }>['value']['what']> {
  switch (what.kind) {
    case 'started':
      return {
        case: 'started',
        value: { options: { ...what.options }, mapBytes: BigInt(what.mapBytes), cpus: what.cpus },
      };
    case 'stopped':
    case 'restarted':
      return { case: what.kind, value: { reason: what.reason } };
    case 'failed':
      return { case: 'failed', value: faultToWire(what.fault) };
  }
}

function definitionsBody(signal: Extract<Signal, { kind: 'definitions' }>): Body {
  return {
    case: 'definitions',
    value: create(DefinitionsSchema, {
      processes: signal.processes.map((process) => ({
        ...process,
        startNs: BigInt(process.startNs),
        comm: text(process.comm),
        exe: text(process.exe),
        commandLine: text(process.commandLine),
        cgroup: text(process.cgroup),
        container: text(process.container),
        containerId: text(process.containerId),
        unit: text(process.unit),
      })),
      threads: signal.threads.map((thread) => ({ ...thread, comm: text(thread.comm) })),
      modules: signal.modules.map((module) => ({
        id: module.id,
        kind: MODULE_KINDS[module.kind],
        path: text(module.path),
        buildId: hex(module.buildId),
      })),
      frames: signal.frames.map((frame) => ({ ...frame, offset: BigInt(frame.offset), name: text(frame.name) })),
      firstStack: signal.stackParents.length > 0 ? signal.firstStack : 0,
      stackParents: [...signal.stackParents],
      stackFrames: [...signal.stackFrames],
      names: signal.names.map((name) => ({ ...name, name: text(name.name) })),
      flows: flowRunOf(signal.flows),
      addressNames: signal.addressNames.map(({ address, name }) => ({
        address: Uint8Array.from(parseAddress(address) ?? []),
        name: text(name),
      })),
    }),
  };
}

function windowBody(signal: Extract<Signal, { kind: 'window' }>): Body {
  const { counters } = signal;
  const manifest = findProbe(signal.probe);
  const compact = manifest?.compact ? manifest : null;
  return {
    case: 'window',
    value: create(WindowSchema, {
      probe: signal.probe,
      fromNs: BigInt(signal.fromNs),
      toNs: BigInt(signal.toNs),
      rows: signal.rows,
      columns: signal.columns.map((column, i) => {
        const spec = compact?.columns[i];
        if (spec && (column instanceof Uint32Array || column instanceof Float64Array))
          return { compact: new ColumnPacker(signal.rows).pack(column, spec).slice() };
        if (column instanceof Uint32Array) return { u32: [...column] };
        if (column instanceof Float64Array) return { u64: [...column].map(BigInt) };
        return { blob: [...column] };
      }),
      counters: {
        seen: BigInt(counters.seen),
        kept: BigInt(counters.kept),
        idle: BigInt(counters.idle),
        filtered: BigInt(counters.filtered),
        lost: counters.lost.map(({ cause, count }) => ({ cause, count: BigInt(count) })),
        incompleteStacks: BigInt(counters.incompleteStacks),
      },
      drains: signal.drains,
    }),
  };
}
