import { TIME_STEPS_S } from '../../widgets/time-ticks.ts';
import type { MonotonicNs } from '../../../remote-agent/protocol/signal.ts';
import { lostCount, windowsWithin } from '../../store/index.ts';
import type { RangeNs, WindowAxis } from '../../store/index.ts';

/** Rates per second; null where no window covers the time. */
export interface TimelinePoint {
  /** Middle of the bucket. */
  readonly atNs: MonotonicNs;
  readonly busy: number | null;
  readonly lost: number | null;
  readonly idle: number | null;
}

/** recharts draws SVG: a few hundred points are quick, thousands are not. */
export const MOST_POINTS = 300;

export function bucketNs(domain: RangeNs): number {
  const spanS = (domain.toNs - domain.fromNs) / 1e9;
  const width = TIME_STEPS_S.find((seconds) => spanS / seconds <= MOST_POINTS - 1);
  return (width ?? Math.ceil(spanS / (MOST_POINTS - 1))) * 1e9;
}

/** A window's counts are spread over the buckets it overlaps, by time: merged windows are long. */
export function timelineSeries(axis: WindowAxis, domain: RangeNs): readonly TimelinePoint[] {
  const width = bucketNs(domain);
  const startNs = Math.floor(domain.fromNs / width) * width;
  const count = Math.ceil((domain.toNs - startNs) / width);
  const sums = {
    coveredNs: new Float64Array(count),
    busy: new Float64Array(count),
    lost: new Float64Array(count),
    idle: new Float64Array(count),
  };
  const { first, end } = windowsWithin(axis, { fromNs: startNs, toNs: domain.toNs });
  for (let window = first; window < end; window++) spread(axis, window, startNs, width, sums);
  return Array.from(sums.coveredNs, (coveredNs, i) => pointOf((i + 0.5) * width + startNs, coveredNs / 1e9, i, sums));
}

type Sums = Record<'coveredNs' | 'busy' | 'lost' | 'idle', Float64Array>;

function spread(axis: WindowAxis, window: number, startNs: number, width: number, sums: Sums): void {
  const fromNs = axis.windowFromNs[window] ?? 0;
  const toNs = axis.windowToNs[window] ?? 0;
  const counters = axis.windowCounters[window];
  if (!counters || toNs <= fromNs) return;
  const lost = lostCount(counters);
  const firstBucket = Math.max(0, Math.floor((fromNs - startNs) / width));
  const lastBucket = Math.min(sums.coveredNs.length - 1, Math.floor((toNs - startNs) / width));
  for (let bucket = firstBucket; bucket <= lastBucket; bucket++) {
    const bucketFromNs = startNs + bucket * width;
    const overlapNs = Math.min(toNs, bucketFromNs + width) - Math.max(fromNs, bucketFromNs);
    if (overlapNs <= 0) continue;
    const share = overlapNs / (toNs - fromNs);
    add(sums.coveredNs, bucket, overlapNs);
    add(sums.busy, bucket, counters.kept * share);
    add(sums.lost, bucket, lost * share);
    add(sums.idle, bucket, counters.idle * share);
  }
}

function add(column: Float64Array, index: number, amount: number): void {
  column[index] = (column[index] ?? 0) + amount;
}

function pointOf(atNs: number, coveredS: number, index: number, sums: Sums): TimelinePoint {
  const rate = (column: Float64Array) => (coveredS > 0 ? (column[index] ?? 0) / coveredS : null);
  return { atNs, busy: rate(sums.busy), lost: rate(sums.lost), idle: rate(sums.idle) };
}
