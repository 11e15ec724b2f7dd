import { bucketFromNs, bucketToNs } from '../../../remote-agent/protocol/latency.ts';
import type { CallDiff } from '../../derive/compare/index.ts';
import { formatCount, formatNs } from '../../widgets/format.ts';
import './outlines.css';

/** The picture's own units. */
const WIDTH = 640;
const HEIGHT = 90;
/** More labels than this would touch. */
const MOST_LABELS = 9;

/** How long a call took on both sides: two outlines over one axis, each of 100 % of its calls. */
export function Outlines({ diff }: { readonly diff: CallDiff | null }) {
  if (!diff)
    return <p className="compare-outlines compare-hint">Select a call to see how long it took on both sides.</p>;
  const { before, after, call, process } = diff;
  const buckets = bucketsOf(before.buckets, after.buckets);
  const highest = Math.max(...buckets.flatMap((at) => [share(before, at), share(after, at)]), Number.MIN_VALUE);
  const label = `Latency of ${call} in ${process}: ${formatCount(before.known)} calls before, ${formatCount(after.known)} after`;
  return (
    <figure className="compare-outlines">
      <figcaption>
        <b>{call}</b> <span className="grid-dim">{process}</span>
        <span className="compare-outline-key" data-side="before">
          before, {formatCount(before.known)} calls
        </span>
        <span className="compare-outline-key" data-side="after">
          after, {formatCount(after.known)} calls
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path className="compare-outline-before" d={outline(buckets, (at) => share(before, at) / highest)} />
        <path className="compare-outline-after" d={outline(buckets, (at) => share(after, at) / highest)} />
      </svg>
      <div className="compare-outline-axis" aria-hidden="true">
        {edges(buckets).map(({ ns, left }) => (
          <span key={ns} style={{ left: `${left * 100}%` }}>
            {formatNs(ns, 2)}
          </span>
        ))}
      </div>
    </figure>
  );
}

function share({ buckets, known }: CallDiff['before'], bucket: number): number {
  return known > 0 ? buckets[bucket]! / known : 0;
}

/** From the first to the last that one of them has, and one around. */
function bucketsOf(before: Float64Array, after: Float64Array): number[] {
  const used = [...before.keys()].filter((at) => before[at]! > 0 || after[at]! > 0);
  const from = Math.max(0, (used[0] ?? 0) - 1);
  const to = Math.min(before.length - 1, (used.at(-1) ?? 0) + 1);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Steps: a bucket is as high over all of its width. */
function outline(buckets: readonly number[], height: (bucket: number) => number): string {
  const step = WIDTH / buckets.length;
  const y = (bucket: number) => (HEIGHT - 1 - height(bucket) * (HEIGHT - 4)).toFixed(1);
  const steps = buckets.map((bucket, i) => `L${(i * step).toFixed(1)} ${y(bucket)}H${((i + 1) * step).toFixed(1)}`);
  return `M0 ${HEIGHT - 1}${steps.join('')}V${HEIGHT - 1}`;
}

function edges(buckets: readonly number[]): { readonly ns: number; readonly left: number }[] {
  const every = Math.ceil(buckets.length / MOST_LABELS);
  const all = buckets.map((bucket, i) => ({ ns: bucketFromNs(bucket), left: i / buckets.length }));
  const last = buckets.at(-1) ?? 0;
  return [...all, { ns: bucketToNs(last), left: 1 }].filter((_, i) => i % every === 0 && i > 0 && i < buckets.length);
}
