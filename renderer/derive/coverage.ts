import type { Counters } from '../../remote-agent/protocol/signal.ts';
import type { WindowAxis } from '../store/model.ts';
import type { WindowSpan } from './tally.ts';

/** What the windows of a range say of themselves: how long, how much was looked at, and what is missing. */
export interface Coverage {
  readonly windows: number;
  readonly seconds: number;
  /** Events of the probe (ticks of a sampler on all CPUs, calls), whatever became of them; of a part of a window, as much of them. */
  readonly seen: number;
  readonly lost: number;
  /** Greatest first. */
  readonly lostByCause: readonly { readonly cause: string; readonly count: number }[];
  readonly kept: number;
  /** Left out on the device, by the options of the probe. */
  readonly filtered: number;
  readonly incompleteStacks: number;
}

/** `shares`: how much of each window is looked at, where that is not all of it. */
export function coverageOf(axis: WindowAxis, { first, end }: WindowSpan, shares: Float64Array | null = null): Coverage {
  const causes = new Map<string, number>();
  let [ns, seen, kept, filtered, incompleteStacks] = [0, 0, 0, 0, 0];
  for (let window = first; window < end; window++) {
    const share = shares?.[window - first] ?? 1;
    ns += (axis.windowToNs[window]! - axis.windowFromNs[window]!) * share;
    const counters: Counters | undefined = axis.windowCounters[window];
    if (!counters) continue;
    seen += counters.seen * share;
    kept += counters.kept;
    filtered += counters.filtered;
    incompleteStacks += counters.incompleteStacks;
    for (const { cause, count } of counters.lost) causes.set(cause, (causes.get(cause) ?? 0) + count);
  }
  const lostByCause = [...causes]
    .map(([cause, count]) => ({ cause, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const lost = lostByCause.reduce((sum, { count }) => sum + count, 0);
  return { windows: end - first, seconds: ns / 1e9, seen, lost, lostByCause, kept, filtered, incompleteStacks };
}

/**
 * Percent of one core that some samples stand for. The sampler ticks equally often on every online CPU and counts each
 * tick, idle ones too: seen / CPUs ticks are one core's whole time. null where nothing was counted.
 */
export function corePercent(samples: number, coverage: Coverage, onlineCpus: number | undefined): number | null {
  if (coverage.seen <= 0 || !onlineCpus) return null;
  return (samples / (coverage.seen / onlineCpus)) * 100;
}
