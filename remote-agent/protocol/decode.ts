/**
 * The door between the wire and everything else on the workstation: AgentFrames in, Signals out. Whatever does not hold
 * together raises `out-of-sync` with what was wrong; what comes out needs no further checks.
 */
import { DictionarySizes } from './decode-definitions.ts';
import { decodeRun } from './decode-run.ts';
import { decodeWindow } from './decode-window.ts';
import { exactNumber, faultFromWire, refuse, timeNs } from './doors.ts';
import type { AgentFrame, ClockSample, Cost, DeviceInfo, ProbeEvent, Window, WindowRun } from './generated/sonde_pb.ts';
import { MAX_OPTIONS, TEXT } from './limits.ts';
import { readPlainWindow } from './plain-window.ts';
import { findProbe } from './probes/index.ts';
import { frameFromRecord, type RecordKind } from './records.ts';
import type { ClockSignal, CostSignal, DeviceSignal, ProbeSignal, Signal, WindowSignal } from './signal.ts';
import { deviceText, hexText, safeText } from './text.ts';
import type { OrderedWindow } from './run-rows.ts';

const RUN_ID_LENGTH = 16;
const NS_PER_MS = 1_000_000n;

/** Holds the sizes of one run's dictionaries; a new run (a DeviceInfo record) empties them. Not usable after a fault. */
export class SignalDecoder {
  private sizes = new DictionarySizes();
  /** Windows of probes newer than this reader, by id: skipped, and counted so that nobody takes them for absent. */
  readonly skippedWindows = new Map<string, number>();

  /** null: not a record (talk about the connection), or of a kind or probe newer than this reader. */
  decode(frame: AgentFrame): Signal | null {
    const { body } = frame;
    switch (body.case) {
      case 'device':
        this.sizes = new DictionarySizes();
        return decodeDevice(body.value);
      case 'definitions':
        return this.sizes.add(body.value);
      case 'window':
        return this.window(body.value);
      case 'cost':
        return decodeCost(body.value);
      case 'probeEvent':
        return decodeProbeEvent(body.value);
      case 'clock':
        return decodeClock(body.value);
      case 'note':
        return {
          kind: 'note',
          atNs: timeNs(body.value.atNs, 'time of a note'),
          text: safeText(body.value.text, TEXT.fault),
          ...(body.value.trigger === '' ? {} : { trigger: safeText(body.value.trigger, TEXT.short) }),
        };
      case 'welcome':
      case 'pong':
      case 'fault':
      case 'farewell':
      case undefined:
        return null;
    }
  }

  /** Windows of a recording that was put in order; null for a probe newer than this reader. */
  decodeRun(run: WindowRun): OrderedWindow[] | null {
    const manifest = findProbe(run.probe);
    return manifest ? decodeRun(run, manifest, this.sizes) : this.skip(run.probe);
  }

  /** One stored message of a recording. */
  decodeRecord(kind: RecordKind, bytes: Uint8Array): Signal | null {
    return this.decode(frameFromRecord(kind, bytes));
  }

  /** A stored window that is well known in all its parts; null for any other, which `decode` takes. Quick. */
  plainWindow(bytes: Uint8Array): WindowSignal | null {
    return readPlainWindow(bytes, this.sizes);
  }

  private window(window: Window): WindowSignal | null {
    const manifest = findProbe(window.probe);
    if (manifest) return decodeWindow(window, manifest, this.sizes);
    return this.skip(window.probe);
  }

  private skip(probe: string): null {
    const id = safeText(probe, TEXT.short);
    if (this.skippedWindows.size < MAX_OPTIONS) this.skippedWindows.set(id, (this.skippedWindows.get(id) ?? 0) + 1);
    return null;
  }
}

function decodeDevice(device: DeviceInfo): DeviceSignal {
  if (device.runId.length !== RUN_ID_LENGTH) refuse(`a run id of ${device.runId.length} bytes`);
  return {
    kind: 'device',
    hostname: deviceText(device.hostname, TEXT.short),
    machine: safeText(device.machine, TEXT.short),
    kernelRelease: deviceText(device.kernelRelease, TEXT.short),
    kernelVersion: deviceText(device.kernelVersion, TEXT.short),
    osName: deviceText(device.osName, TEXT.short),
    onlineCpus: device.onlineCpus,
    memoryBytes: exactNumber(device.memoryBytes, 'memory size'),
    bootId: deviceText(device.bootId, TEXT.short),
    uptimeNs: timeNs(device.uptimeNs, 'uptime'),
    cpuModel: deviceText(device.cpuModel, TEXT.short),
    hardwareModel: deviceText(device.hardwareModel, TEXT.short),
    hasBtf: device.hasBtf,
    agentVersion: safeText(device.agentVersion, TEXT.short),
    nodeVersion: safeText(device.nodeVersion, TEXT.short),
    pageSize: device.pageSize,
    runId: hexText(device.runId),
  };
}

function decodeCost(cost: Cost): CostSignal {
  return {
    kind: 'cost',
    fromNs: timeNs(cost.fromNs, 'start of a cost'),
    toNs: timeNs(cost.toNs, 'end of a cost'),
    agentCpuNs: timeNs(cost.agentCpuNs, 'agent CPU time'),
    loaderCpuNs: timeNs(cost.loaderCpuNs, 'loader CPU time'),
    bpfCpuNs: timeNs(cost.bpfCpuNs, 'BPF CPU time'),
    agentResidentBytes: exactNumber(cost.agentResidentBytes, 'agent memory'),
    loaderResidentBytes: exactNumber(cost.loaderResidentBytes, 'loader memory'),
    kernelMapBytes: exactNumber(cost.kernelMapBytes, 'map memory'),
    sentBytes: exactNumber(cost.sentBytes, 'bytes sent'),
    spoolBytes: exactNumber(cost.spoolBytes, 'spool size'),
    deviceCpuBusyNs: timeNs(cost.deviceCpuBusyNs, 'device CPU time'),
    memoryAvailableBytes: exactNumber(cost.memoryAvailableBytes, 'available memory'),
  };
}

function decodeClock(clock: ClockSample): ClockSignal {
  timeNs(clock.realtimeNs, 'wall clock');
  return {
    kind: 'clock',
    monotonicNs: timeNs(clock.monotonicNs, 'monotonic clock'),
    // Whole milliseconds first: 1.7e18 ns are beyond a double's exact integers.
    realtimeMs: Number(clock.realtimeNs / NS_PER_MS) + Number(clock.realtimeNs % NS_PER_MS) / Number(NS_PER_MS),
    uncertaintyNs: clock.uncertaintyNs,
  };
}

function decodeProbeEvent(event: ProbeEvent): ProbeSignal {
  return {
    kind: 'probe',
    probe: safeText(event.probe, TEXT.short),
    atNs: timeNs(event.atNs, 'time of a probe event'),
    what: decodeWhat(event.what),
  };
}

function decodeWhat(what: ProbeEvent['what']): ProbeSignal['what'] {
  switch (what.case) {
    case 'started': {
      const entries = Object.entries(what.value.options);
      if (entries.length > MAX_OPTIONS) refuse(`${entries.length} probe options`);
      const options = Object.fromEntries(
        entries.map(([name, value]) => [safeText(name, TEXT.short), safeText(value, TEXT.path)]),
      );
      return {
        kind: 'started',
        options,
        mapBytes: exactNumber(what.value.mapBytes, 'map memory'),
        cpus: what.value.cpus,
      };
    }
    case 'stopped':
    case 'restarted':
      return { kind: what.case, reason: safeText(what.value.reason, TEXT.fault) };
    case 'failed':
      return { kind: 'failed', fault: faultFromWire(what.value) };
    case undefined:
      return refuse('a probe event says nothing');
  }
}
