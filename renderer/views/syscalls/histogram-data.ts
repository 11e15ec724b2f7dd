import { bucketFromNs, LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { LatencyHistogram } from '../../derive/calls/index.ts';
import { formatNs } from '../../widgets/format.ts';

/** One step of the picture: from this edge to the next. */
export interface Step {
  /** Power of two of the lower edge in ns. */
  readonly edge: number;
  readonly now: number;
  /** Of the range before; null where it is not compared. */
  readonly before: number | null;
}

export interface Buckets {
  readonly from: number;
  /** The last one, included. */
  readonly to: number;
}

/** A single bar in the middle of nothing says less than one among its neighbours. */
const FEWEST_BUCKETS = 8;

/** The buckets to show: all with calls, an empty one on either side, and enough of them. */
export function shownBuckets(...histograms: readonly (LatencyHistogram | null)[]): Buckets | null {
  let [from, to] = [LATENCY_BUCKETS, -1];
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram?.counts.entries() ?? []) {
      if (count === 0) continue;
      from = Math.min(from, bucket);
      to = Math.max(to, bucket);
    }
  }
  if (to < 0) return null;
  const wanted = Math.max(FEWEST_BUCKETS, to + 1 - from + 2);
  const first = from - Math.floor((wanted - (to + 1 - from)) / 2);
  const low = Math.min(Math.max(0, first), Math.max(0, LATENCY_BUCKETS - wanted));
  return { from: low, to: Math.min(LATENCY_BUCKETS - 1, low + wanted - 1) };
}

/** The last step closes the picture at the upper edge of the last bucket. */
export function stepsOf(now: LatencyHistogram, before: LatencyHistogram | null, { from, to }: Buckets): Step[] {
  const steps: Step[] = [];
  for (let bucket = from; bucket <= to; bucket++)
    steps.push({ edge: bucket, now: now.counts[bucket]!, before: before ? before.counts[bucket]! : null });
  steps.push({ edge: to + 1, now: 0, before: before ? 0 : null });
  return steps;
}

/** Over buckets of width 1, in a picture of height 1 that `top` fills. It is closed along its base. */
export function stepPath(counts: readonly number[], top: number): string {
  const heights = counts.map((count) => (1 - count / top).toFixed(4));
  return `M0 1${heights.map((y, bucket) => `V${y}H${Math.min(bucket + 1, counts.length - 1)}`).join('')}V1Z`;
}

/** Edges to label, at most `most`: the real ones, 1.02 µs and not 1 µs. */
export function edgeTicks({ from, to }: Buckets, most: number): number[] {
  const step = Math.max(1, Math.ceil((to + 1 - from) / most));
  const ticks: number[] = [];
  for (let edge = Math.ceil(from / step) * step; edge <= to + 1; edge += step) ticks.push(edge);
  return ticks;
}

export function edgeText(edge: number): string {
  const ns = edge === 0 ? 0 : bucketFromNs(edge);
  return formatNs(ns)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace('. ', ' ');
}

/** Height on a logarithmic scale: none at 0, one step for a single call, one more for each factor of ten. */
export function logHeight(count: number): number {
  return count <= 0 ? 0 : 1 + Math.log10(count);
}

export function logTicks(highest: number): number[] {
  const top = Math.max(1, Math.ceil(logHeight(highest)));
  const step = Math.ceil(top / 4);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}

export function countAtLogHeight(height: number): number {
  return height === 0 ? 0 : 10 ** (height - 1);
}

export interface Mark {
  readonly name: string;
  /** On the axis, in powers of two. */
  readonly at: number;
  /** Row of its label: neighbours would lie upon each other. */
  readonly row: number;
}

/** Share of the axis that a label takes. */
const LABEL_SHARE = 0.09;

export function quantileMarks(histogram: LatencyHistogram, { from, to }: Buckets): Mark[] {
  const marks: Mark[] = [];
  const given = [
    ['p50', histogram.p50Ns],
    ['p90', histogram.p90Ns],
    ['p99', histogram.p99Ns],
  ] as const;
  for (const [name, ns] of given) {
    if (ns === null) continue;
    const at = axisPlace(ns);
    const last = marks.at(-1);
    const isClose = last !== undefined && at - last.at < (to + 1 - from) * LABEL_SHARE;
    marks.push({ name, at, row: isClose ? last.row + 1 : 0 });
  }
  return marks;
}

/** Within a bucket linear in time, as quantiles are found: its middle lies in the middle. */
function axisPlace(ns: number): number {
  if (ns < 2) return ns / 2;
  const bucket = Math.floor(Math.log2(ns));
  return bucket + ns / 2 ** bucket - 1;
}
