/**
 * Latencies as counts by power of two, as the columns with the code table 'log2-ns' have them. Counts of equal buckets
 * can be added; an exact quantile cannot be had from them, only one that is right to within its bucket.
 */

/** The call had begun before it could be watched. Counted; no duration. */
export const UNKNOWN_BUCKET = 255;
/** Buckets of known durations: 0 … 63. */
export const LATENCY_BUCKETS = 64;

/** Lower edge, inclusive. Bucket 0 begins at 0: a clock may give the same nanosecond twice. */
export function bucketFromNs(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** bucket;
}

/** Upper edge, exclusive. */
export function bucketToNs(bucket: number): number {
  return 2 ** (bucket + 1);
}

/**
 * The duration that the share `q` (0…1) of the calls did not exceed, linear inside its bucket and never above the
 * longest. null where there is no call with a known duration.
 * @param counts calls by bucket; index = bucket, what lies beyond bucket 63 is not looked at
 */
export function quantileNs(counts: ArrayLike<number>, longestNs: number, q: number): number | null {
  const buckets = Math.min(counts.length, LATENCY_BUCKETS);
  let calls = 0;
  for (let bucket = 0; bucket < buckets; bucket++) calls += counts[bucket] ?? 0;
  if (calls === 0) return null;
  const wanted = q * calls;
  let before = 0;
  let last = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const here = counts[bucket] ?? 0;
    if (here === 0) continue;
    if (before + here >= wanted) return insideBucket(bucket, (wanted - before) / here, longestNs);
    before += here;
    last = bucket;
  }
  return insideBucket(last, 1, longestNs); // rounding left `wanted` above the sum
}

function insideBucket(bucket: number, share: number, longestNs: number): number {
  const from = bucketFromNs(bucket);
  return Math.min(from + Math.max(0, share) * (bucketToNs(bucket) - from), longestNs);
}
