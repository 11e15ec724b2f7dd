import { bucketFromNs, bucketToNs } from '../../../remote-agent/protocol/latency.ts';
import { formatNsRange } from '../../widgets/format.ts';
import type { Band } from '../../derive/calls/index.ts';

/** "8.2–16.4 µs" */
export function edgesText(bucket: number): string {
  return formatNsRange(bucketFromNs(bucket), bucketToNs(bucket));
}

/** The edges of the bucket that a duration lies in: "8.2 and 16.4 µs". */
export function bucketText(ns: number): string {
  return edgesText(bucketOf(ns)).replace('–', ' and ');
}

/** "8.2–131 µs" of several buckets. */
export function bandText(band: NonNullable<Band>): string {
  return formatNsRange(bucketFromNs(band.from), bucketToNs(band.to));
}

/** The upper edge of a bucket belongs to it where a quantile lies exactly there. */
function bucketOf(ns: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(ns, 1))) - 1);
}
