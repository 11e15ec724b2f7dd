import { describe, expect, test } from 'vitest';
import { LATENCY_BUCKETS, quantileNs } from '../../../remote-agent/protocol/latency.ts';
import type { LatencyHistogram } from '../../../renderer/derive/calls/index.ts';
import { bandText, bucketText, edgesText } from '../../../renderer/views/syscalls/bucket-text.ts';
import {
  countAtLogHeight,
  edgeText,
  edgeTicks,
  logHeight,
  logTicks,
  quantileMarks,
  shownBuckets,
  stepPath,
  stepsOf,
} from '../../../renderer/views/syscalls/histogram-data.ts';

/** Calls by bucket. */
function histogram(calls: Readonly<Record<number, number>>): LatencyHistogram {
  const counts = new Float64Array(LATENCY_BUCKETS);
  for (const [bucket, count] of Object.entries(calls)) counts[Number(bucket)] = count;
  const known = counts.reduce((sum, count) => sum + count, 0);
  const last = counts.findLastIndex((count) => count > 0);
  const longestNs = last < 0 ? 0 : 2 ** (last + 1) - 1;
  const quantile = (q: number) => quantileNs(counts, longestNs, q);
  return {
    counts,
    known,
    unknown: 0,
    longestNs,
    p50Ns: quantile(0.5),
    p90Ns: quantile(0.9),
    p99Ns: quantile(0.99),
  };
}

describe('buckets shown', () => {
  test('all with calls, with room around them; both pictures where two are compared', () => {
    expect(shownBuckets(histogram({ 10: 1, 20: 3 }))).toEqual({ from: 9, to: 21 });
    expect(shownBuckets(histogram({ 10: 1, 20: 3 }), histogram({ 25: 1 }))).toEqual({ from: 9, to: 26 });
  });

  test.each([0, 1, 30, 62, 63])('one bar at %d has neighbours and stays inside the scale', (bucket) => {
    const shown = shownBuckets(histogram({ [bucket]: 5 }));
    expect(shown?.from).toBeGreaterThanOrEqual(0);
    expect(shown?.to).toBeLessThan(LATENCY_BUCKETS);
    expect(shown && shown.from <= bucket && bucket <= shown.to).toBe(true);
    expect(shown && shown.to - shown.from).toBe(7);
  });

  test('none without a call', () => expect(shownBuckets(histogram({}), null)).toBeNull());
});

test('steps hold every count of the buckets shown, and close at the upper edge of the last', () => {
  const steps = stepsOf(histogram({ 3: 7, 5: 9 }), histogram({ 4: 2 }), { from: 3, to: 5 });
  expect(steps).toEqual([
    { edge: 3, now: 7, before: 0 },
    { edge: 4, now: 0, before: 2 },
    { edge: 5, now: 9, before: 0 },
    { edge: 6, now: 0, before: 0 },
  ]);
  expect(stepsOf(histogram({ 3: 7 }), null, { from: 3, to: 3 })[0]?.before).toBeNull();
});

test('edges are the real ones', () => {
  expect([0, 1, 9, 10, 13, 20, 30].map(edgeText)).toEqual([
    '0 ns',
    '2 ns',
    '512 ns',
    '1.02 µs',
    '8.19 µs',
    '1.05 ms',
    '1.07 s',
  ]);
  expect(edgeTicks({ from: 8, to: 31 }, 8)).toEqual([9, 12, 15, 18, 21, 24, 27, 30]);
  expect(edgeTicks({ from: 8, to: 12 }, 8)).toEqual([8, 9, 10, 11, 12, 13]);
  expect([0, 9, 13, 23].map(edgesText)).toEqual(['0–2 ns', '512–1024 ns', '8.2–16.4 µs', '8.4–16.8 ms']);
  expect(bandText({ from: 13, to: 16 })).toBe('8.2–131 µs');
});

test('a quantile is told with the bucket it was found in, also at its very edge', () => {
  expect(bucketText(9000)).toBe('8.2 and 16.4 µs');
  expect(bucketText(16_384)).toBe('8.2 and 16.4 µs');
  expect(bucketText(0)).toBe('0 and 2 ns');
});

test('the logarithmic scale tells one call from none, and says counts at its marks', () => {
  expect([0, 1, 10, 1000].map(logHeight)).toEqual([0, 1, 2, 4]);
  for (const count of [1, 9, 10, 12_345, 4e9]) {
    const ticks = logTicks(count);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(countAtLogHeight(ticks.at(-1) ?? 0)).toBeGreaterThanOrEqual(count / 100);
  }
  expect(logTicks(12_345).map(countAtLogHeight)).toEqual([0, 10, 1000, 100_000]);
});

test('marks lie where the quantiles were found, and close labels above each other', () => {
  const marks = quantileMarks(histogram({ 10: 50, 11: 50, 30: 1 }), { from: 8, to: 31 });
  expect(marks.map(({ name }) => name)).toEqual(['p50', 'p90', 'p99']);
  expect(marks[0]?.at).toBeCloseTo(11, 1);
  expect(marks.map(({ row }) => row)).toEqual([0, 1, 2]);
  const apart = quantileMarks(histogram({ 10: 60, 20: 35, 30: 5 }), { from: 8, to: 31 });
  expect(apart.map(({ row }) => row)).toEqual([0, 0, 0]);
});

test('a step holds from its lower edge to the next one, and the outline ends on the base where it began', () => {
  expect(stepPath([10, 0, 5, 0], 10)).toBe('M0 1V0.0000H1V1.0000H2V0.5000H3V1.0000H3V1Z');
});
