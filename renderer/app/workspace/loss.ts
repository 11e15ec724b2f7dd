import type { Counters, MonotonicNs } from '../../../remote-agent/protocol/signal.ts';
import { lostCount } from '../../store/index.ts';
import type { WindowAxis } from '../../store/index.ts';

export interface LossSummary {
  readonly lost: number;
  /** Of what should have been kept: lost / (kept + lost). */
  readonly share: number;
  readonly causes: readonly { readonly cause: string; readonly count: number; readonly share: number }[];
}

export function summariseLoss(totals: Counters): LossSummary {
  const lost = lostCount(totals);
  const wanted = totals.kept + lost;
  const share = (count: number) => (wanted > 0 ? count / wanted : 0);
  const causes = totals.lost
    .filter(({ count }) => count > 0)
    .map(({ cause, count }) => ({ cause, count, share: share(count) }))
    .sort((a, b) => b.count - a.count);
  return { lost, share: share(lost), causes };
}

export interface LossStretch {
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
  readonly count: number;
}

/** Losses closer together than this are one event to whoever looks for its cause. */
const SAME_STRETCH_NS = 5e9;

/** When something was lost, newest first, at most `most`; neighbours are joined. */
export function lossStretches(axis: WindowAxis, most: number): readonly LossStretch[] {
  const stretches: LossStretch[] = [];
  for (let window = axis.windowCount - 1; window >= 0; window--) {
    const counters = axis.windowCounters[window];
    const count = counters ? lostCount(counters) : 0;
    if (count === 0) continue;
    const fromNs = axis.windowFromNs[window] ?? 0;
    const toNs = axis.windowToNs[window] ?? 0;
    const newer = stretches.at(-1);
    if (newer && newer.fromNs - toNs <= SAME_STRETCH_NS) {
      stretches[stretches.length - 1] = { fromNs, toNs: newer.toNs, count: newer.count + count };
    } else if (stretches.length === most) break;
    else stretches.push({ fromNs, toNs, count });
  }
  return stretches;
}
