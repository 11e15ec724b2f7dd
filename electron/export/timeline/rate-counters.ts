/** Load and rates of each window, as counters. Load and losses are of the whole device, whatever process was asked for. */
import type { CostSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { inRange, isWanted, type ProfileFilter } from '../filter.ts';
import { CALLS_PROBE } from '../calls/collect-calls.ts';
import { FLOWS_PROBE } from '../flows/flow-sum.ts';
import { WindowReader } from '../window-reader.ts';
import { counter, type TraceClock, type TraceEvent } from './trace-events.ts';

const NS_PER_SECOND = 1e9;

export class RateCounters {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly pid: number;

  constructor(about: About, filter: ProfileFilter, pid: number) {
    this.about = about;
    this.filter = filter;
    this.pid = pid;
  }

  /** `about` has heard the signal. */
  take(signal: Signal, clock: TraceClock): TraceEvent[] {
    if (signal.kind === 'cost') return inRange(signal, this.filter) ? [this.load(signal, clock)] : [];
    if (signal.kind !== 'window' || !inRange(signal, this.filter)) return [];
    const lost = signal.counters.lost.reduce((sum, { count }) => sum + count, 0);
    const losses = lost === 0 ? [] : [this.rate(signal, clock, `lost: ${signal.probe}`, { events: lost })];
    if (signal.probe === CALLS_PROBE)
      return [...losses, this.rate(signal, clock, 'system calls/s', { calls: this.sum(signal, 'calls') })];
    if (signal.probe !== FLOWS_PROBE) return losses;
    const [sent, received] = [this.sum(signal, 'sent'), this.sum(signal, 'received')];
    return [...losses, this.rate(signal, clock, 'network bytes/s', { sent, received })];
  }

  private load({ fromNs, toNs, deviceCpuBusyNs }: CostSignal, clock: TraceClock): TraceEvent {
    const cpus = this.about.device?.onlineCpus || 1;
    return counter(this.pid, 'CPU load %', clock.us(fromNs), {
      busy: rounded((100 * deviceCpuBusyNs) / ((toNs - fromNs) * cpus)),
    });
  }

  private rate(
    { fromNs, toNs }: WindowSignal,
    clock: TraceClock,
    name: string,
    totals: Readonly<Record<string, number>>,
  ): TraceEvent {
    const seconds = (toNs - fromNs) / NS_PER_SECOND;
    const rates = Object.entries(totals).map(([key, total]) => [key, rounded(total / seconds)] as const);
    return counter(this.pid, name, clock.us(fromNs), Object.fromEntries(rates));
  }

  private sum(window: WindowSignal, column: string): number {
    const { tables } = this.about;
    const reader = new WindowReader(window);
    let sum = 0;
    for (let row = 0; row < window.rows; row++)
      if (isWanted(tables, tables.thread(reader.number('thread', row)), this.filter)) sum += reader.number(column, row);
    return sum;
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
