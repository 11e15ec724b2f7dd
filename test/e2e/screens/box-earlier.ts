// The same box before an update: another kernel and library, and some functions cheaper or dearer than now.
import type { Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { withCalls } from './box-calls.ts';
import { withFlows } from './box-flows.ts';
import { boxSignals } from './box-signals.ts';

export function earlierBox(seconds: number): readonly Signal[] {
  return withFlows(withCalls(boxSignals(seconds))).map(asBefore);
}

/** Another box altogether, and a poor recording of it. */
export function otherBox(seconds: number): readonly Signal[] {
  return boxSignals(seconds, { losing: true }).map((signal) =>
    signal.kind === 'device'
      ? { ...signal, hostname: 'gateway-2', machine: 'x86_64', cpuModel: 'Intel Atom x6425E', onlineCpus: 2 }
      : signal,
  );
}

function asBefore(signal: Signal): Signal {
  if (signal.kind === 'device') return { ...signal, kernelRelease: '6.1.0-25-arm64' };
  if (signal.kind === 'cost') return { ...signal, deviceCpuBusyNs: Math.round(signal.deviceCpuBusyNs * 0.7) };
  if (signal.kind === 'window' && signal.probe === 'cpu-profile') return cheaper(signal);
  return signal.kind === 'window' && signal.probe === 'syscalls' ? quicker(signal) : signal;
}

const FACTORS = [1, 0.4, 1, 2.2, 1, 0.7, 1];

/** Each stack by a factor of its own. */
function cheaper(window: WindowSignal): WindowSignal {
  const [thread, cpu, stack, samples] = window.columns as readonly Uint32Array[];
  if (!thread || !cpu || !stack || !samples) return window;
  const fewer = samples.map((count, row) => Math.round(count * (FACTORS[(stack[row] ?? 0) % FACTORS.length] ?? 1)));
  const kept = fewer.reduce((sum, count) => sum + count, 0);
  const { counters } = window;
  const idle = Math.max(0, counters.seen - kept);
  return {
    ...window,
    columns: [thread, cpu, stack, fewer],
    counters: { ...counters, seen: kept + idle, kept, idle, lost: [] },
  };
}

/** Every other call took half as long. */
function quicker(window: WindowSignal): WindowSignal {
  const columns = [...window.columns] as Uint32Array[];
  const [, call, , bucket] = columns;
  if (!call || !bucket) return window;
  columns[3] = bucket.map((power, row) => ((call[row] ?? 0) % 2 === 0 && power > 0 && power < 64 ? power - 1 : power));
  return { ...window, columns };
}
