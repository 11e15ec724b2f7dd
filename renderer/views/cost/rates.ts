import type { CostSignal, MonotonicNs } from '../../../remote-agent/protocol/signal.ts';

export interface CostRate {
  readonly toNs: MonotonicNs;
  /** Percent of one core. */
  readonly agentPercent: number;
  readonly loaderPercent: number;
  readonly kernelPercent: number;
  readonly observerPercent: number;
  /** Percent of all CPUs of the device; the observer is part of it. */
  readonly devicePercent: number;
  readonly sentBytesPerSecond: number;
}

/** Agent and loader in memory, and the kernel maps of the probe. */
export function observerBytes(cost: CostSignal): number {
  return cost.agentResidentBytes + cost.loaderResidentBytes + cost.kernelMapBytes;
}

/** What several records say together, as rates; null where they cover no time. */
export function costRate(costs: readonly CostSignal[], cpus: number): CostRate | null {
  const last = costs.at(-1);
  let spanNs = 0;
  for (const cost of costs) spanNs += cost.toNs - cost.fromNs;
  if (!last || spanNs <= 0) return null;
  const percentOf = (read: (cost: CostSignal) => number) => (sum(costs, read) / spanNs) * 100;
  const agentPercent = percentOf((cost) => cost.agentCpuNs);
  const loaderPercent = percentOf((cost) => cost.loaderCpuNs);
  const kernelPercent = percentOf((cost) => cost.bpfCpuNs);
  return {
    toNs: last.toNs,
    agentPercent,
    loaderPercent,
    kernelPercent,
    observerPercent: agentPercent + loaderPercent + kernelPercent,
    // Busy time and wall time are read one after the other: a hair above all CPUs is all CPUs.
    devicePercent: Math.min(100, percentOf((cost) => cost.deviceCpuBusyNs) / Math.max(1, cpus)),
    sentBytesPerSecond: (sum(costs, (cost) => cost.sentBytes) / spanNs) * 1e9,
  };
}

/** At most `most` points, each the mean of as many records. */
export function costSeries(costs: readonly CostSignal[], cpus: number, most: number): readonly CostRate[] {
  const each = Math.max(1, Math.ceil(costs.length / most));
  const points: CostRate[] = [];
  for (let start = 0; start < costs.length; start += each) {
    const rate = costRate(costs.slice(start, start + each), cpus);
    if (rate) points.push(rate);
  }
  return points;
}

/** Records that tell something of the range. They do not begin and end with the windows, so those at its edges count. */
export function costsWithin(
  costs: readonly CostSignal[],
  fromNs: MonotonicNs,
  toNs: MonotonicNs,
): readonly CostSignal[] {
  return costs.filter((cost) => cost.toNs > fromNs && cost.fromNs < toNs);
}

function sum(costs: readonly CostSignal[], read: (cost: CostSignal) => number): number {
  let total = 0;
  for (const cost of costs) total += read(cost);
  return total;
}
