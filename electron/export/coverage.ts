/** What the windows of one probe in a range cover, and what they counted, kept or not. */
import type { Signal, WindowSignal } from '../../remote-agent/protocol/index.ts';
import { inRange, type ProfileFilter, wantedNs } from './filter.ts';

/** seen = kept + idle + filtered + the sum of lost. Of all threads in the range, whatever process was asked for. */
export interface Totals {
  readonly seen: number;
  readonly kept: number;
  readonly idle: number;
  readonly filtered: number;
  readonly incompleteStacks: number;
  /** By cause. */
  readonly lost: ReadonlyMap<string, number>;
}

export interface Covered {
  readonly totals: Totals;
  /** Time covered by windows. */
  readonly coveredNs: number;
  /** Time between windows of one run that no window covers: the link was cut for too long, or the file is damaged. */
  readonly gapNs: number;
  /** Start of the first window, end of the last one; 0 where there is none. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Windows that were put together from several because the link or the device was busy: totals exact, time coarser. */
  readonly mergedWindows: number;
}

export class Coverage {
  private readonly probe: string;
  private readonly filter: ProfileFilter;
  private readonly totals = {
    seen: 0,
    kept: 0,
    idle: 0,
    filtered: 0,
    incompleteStacks: 0,
    lost: new Map<string, number>(),
  };
  private coveredNs = 0;
  private gapNs = 0;
  /** End of the last window of this run. */
  private lastToNs: number | null = null;
  private fromNs: number | null = null;
  private toNs = 0;
  private mergedWindows = 0;

  constructor(probe: string, filter: ProfileFilter) {
    this.probe = probe;
    this.filter = filter;
  }

  /** Every signal; true where it is one of the windows. */
  take(signal: Signal): signal is WindowSignal {
    if (signal.kind === 'device') this.lastToNs = null;
    if (signal.kind !== 'window' || signal.probe !== this.probe || !inRange(signal, this.filter)) return false;
    const { fromNs, toNs, drains, counters } = signal;
    this.fromNs ??= fromNs;
    this.toNs = toNs;
    if (this.lastToNs !== null && fromNs > this.lastToNs)
      this.gapNs += wantedNs({ fromNs: this.lastToNs, toNs: fromNs }, this.filter);
    this.lastToNs = toNs;
    this.coveredNs += toNs - fromNs;
    this.mergedWindows += drains - 1;
    this.count(counters);
    return true;
  }

  result(): Covered {
    const { totals, coveredNs, gapNs, toNs, mergedWindows } = this;
    return { totals, coveredNs, gapNs, fromNs: this.fromNs ?? 0, toNs, mergedWindows };
  }

  private count({ seen, kept, idle, filtered, incompleteStacks, lost }: WindowSignal['counters']): void {
    const { totals } = this;
    totals.seen += seen;
    totals.kept += kept;
    totals.idle += idle;
    totals.filtered += filtered;
    totals.incompleteStacks += incompleteStacks;
    for (const { cause, count } of lost) totals.lost.set(cause, (totals.lost.get(cause) ?? 0) + count);
  }
}
