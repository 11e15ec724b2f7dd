import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketFromNs,
  bucketToNs,
  LATENCY_BUCKETS,
  quantileNs,
  UNKNOWN_BUCKET,
} from '../../../remote-agent/protocol/index.ts';

const bucketOf = (ns: number) => Math.max(0, Math.floor(Math.log2(ns)));

/** Counts by bucket of real durations. */
function counted(durationsNs: readonly number[]): number[] {
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const ns of durationsNs) counts[bucketOf(ns)] = (counts[bucketOf(ns)] ?? 0) + 1;
  return counts;
}

describe('buckets', () => {
  it('touch each other and leave nothing out', () => {
    expect(bucketFromNs(0)).toBe(0);
    for (let bucket = 1; bucket < LATENCY_BUCKETS; bucket++) expect(bucketFromNs(bucket)).toBe(bucketToNs(bucket - 1));
    expect(bucketToNs(12)).toBe(8192);
  });
});

describe('quantileNs', () => {
  it('is linear inside a bucket', () => {
    const counts = counted([]);
    counts[10] = 100; // 1,024 … 2,048
    expect(quantileNs(counts, 2047, 0)).toBe(1024);
    expect(quantileNs(counts, 2047, 0.5)).toBe(1536);
    expect(quantileNs(counts, 2047, 1)).toBe(2047);
  });

  it('is never above the longest call', () => {
    expect(quantileNs(counted([1100]), 1100, 0.99)).toBe(1100);
  });

  it('is nothing where no duration is known', () => {
    expect(quantileNs([], 0, 0.5)).toBeNull();
    const counts = Array.from({ length: UNKNOWN_BUCKET + 1 }, () => 0);
    counts[UNKNOWN_BUCKET] = 7;
    expect(quantileNs(counts, 0, 0.5)).toBeNull();
  });

  it('lies in the bucket of the true quantile, and grows with q', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
        const longest = sorted.at(-1) ?? 0;
        const estimate = quantileNs(counted(values), longest, q) ?? -1;
        expect(estimate).toBeGreaterThanOrEqual(bucketFromNs(bucketOf(truth)));
        expect(estimate).toBeLessThanOrEqual(bucketToNs(bucketOf(truth)));
        expect(quantileNs(counted(values), longest, q / 2)).toBeLessThanOrEqual(estimate);
      }),
    );
  });
});
