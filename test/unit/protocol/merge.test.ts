import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactWindow,
  emptyWindow,
  hexText,
  mergeWindows,
  type ProbeManifest,
} from '../../../remote-agent/protocol/index.ts';
import { type Window, WindowSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';

/** Every column type and role there is. */
const manifest: ProbeManifest = {
  id: 'latency',
  title: '',
  summary: '',
  needs: [],
  options: [],
  columns: [
    { name: 'thread', type: 'thread', role: 'key', help: '' },
    { name: 'bucket', type: 'ns', role: 'key', help: '' },
    { name: 'address', type: 'blob', role: 'key', help: '' },
    { name: 'calls', type: 'count32', role: 'sum', help: '' },
    { name: 'total', type: 'ns', role: 'sum', help: '' },
    { name: 'longest', type: 'ns', role: 'max', help: '' },
    { name: 'deepest', type: 'count32', role: 'max', help: '' },
  ],
  display: { view: 'flamegraph', weight: 'calls', unit: 'calls' },
};

/** thread, bucket, address byte, calls, total, longest, deepest */
type Row = readonly [number, number, number, number, number, number, number];

function windowOf(rows: readonly Row[], fromNs = 1n): Window {
  const seen = BigInt(rows.reduce((sum, row) => sum + row[3], 0));
  return create(WindowSchema, {
    probe: 'latency',
    fromNs,
    toNs: fromNs + 1n,
    rows: rows.length,
    columns: [
      { u32: rows.map((row) => row[0]) },
      { u64: rows.map((row) => BigInt(row[1])) },
      { blob: rows.map((row) => Uint8Array.of(row[2])) },
      { u32: rows.map((row) => row[3]) },
      { u64: rows.map((row) => BigInt(row[4])) },
      { u64: rows.map((row) => BigInt(row[5])) },
      { u32: rows.map((row) => row[6]) },
    ],
    counters: { seen: seen + 2n, kept: seen, lost: [{ cause: 'map-full', count: 2n }] },
    drains: 1,
  });
}

/** Key → sums and maxima: what a window says, whatever its row order. */
function totals(window: Window): Map<string, (number | bigint)[]> {
  const byKey = new Map<string, (number | bigint)[]>();
  const [thread, bucket, address, calls, total, longest, deepest] = window.columns;
  for (let row = 0; row < window.rows; row++) {
    const key = `${thread?.u32[row]} ${bucket?.u64[row]} ${hexText(address?.blob[row] ?? Uint8Array.of())}`;
    const [c, t, l, d] = [calls?.u32[row] ?? 0, total?.u64[row] ?? 0n, longest?.u64[row] ?? 0n, deepest?.u32[row] ?? 0];
    const old = byKey.get(key) as [number, bigint, bigint, number] | undefined;
    byKey.set(key, old ? [old[0] + c, old[1] + t, old[2] > l ? old[2] : l, Math.max(old[3], d)] : [c, t, l, d]);
  }
  return new Map([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const small = fc.integer({ min: 0, max: 3 });
const row = fc.tuple(small, small, small, fc.nat(1000), fc.nat(10 ** 9), fc.nat(10 ** 9), fc.nat(100));
const window = fc.array(row, { maxLength: 60 }).map((rows) => windowOf(rows));

describe('mergeWindows', () => {
  it('gives per key the sums and maxima of both, as one row each', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.array(row, { maxLength: 60 }), (a, b) => {
        const merged = mergeWindows(manifest, windowOf(a), windowOf(b));
        const expected = totals(windowOf([...a, ...b]));
        expect(totals(merged)).toEqual(expected);
        expect(merged.rows).toBe(expected.size);
        for (const [i, column] of merged.columns.entries()) {
          const field = i === 2 ? column.blob : i === 0 || i === 3 || i === 6 ? column.u32 : column.u64;
          expect(field.length).toBe(merged.rows);
        }
      }),
    );
  });

  it('is commutative and associative in what it says', () => {
    fc.assert(
      fc.property(window, window, window, (a, b, c) => {
        const ab = mergeWindows(manifest, a, b);
        expect(totals(mergeWindows(manifest, b, a))).toEqual(totals(ab));
        const left = mergeWindows(manifest, ab, c);
        const right = mergeWindows(manifest, a, mergeWindows(manifest, b, c));
        expect(totals(left)).toEqual(totals(right));
        expect(left.counters).toEqual(right.counters);
        expect(left.drains).toBe(3);
      }),
    );
  });

  it('leaves its arguments alone', () => {
    const a = windowOf([[1, 1, 1, 5, 5, 5, 5]]);
    const before = structuredClone(a);
    mergeWindows(manifest, a, a);
    expect(a).toEqual(before);
  });

  it('spans both and adds the counters by cause', () => {
    const merged = mergeWindows(manifest, windowOf([[1, 1, 1, 5, 0, 0, 0]], 10n), windowOf([], 4n));
    expect(merged).toMatchObject({
      fromNs: 4n,
      toNs: 11n,
      drains: 2,
      counters: { seen: 9n, kept: 5n, lost: [{ cause: 'map-full', count: 4n }] },
    });
  });

  it('keeps a row of its own where a 32-bit sum would overflow', () => {
    const big: Row = [1, 1, 1, 0xffff_fff0, 1, 1, 1];
    const merged = mergeWindows(manifest, windowOf([big]), windowOf([big]));
    expect(merged.columns[3]?.u32).toEqual([0xffff_fff0, 0xffff_fff0]);
    expect(mergeWindows(manifest, merged, windowOf([[1, 1, 1, 3, 1, 1, 1]])).columns[3]?.u32).toEqual([
      0xffff_fff0, 0xffff_fff3,
    ]);
  });

  it('refuses windows of different probes', () => {
    expect(() => mergeWindows(manifest, windowOf([]), create(WindowSchema, { probe: 'other' }))).toThrow('other');
  });
});

it('compactWindow makes rows with equal keys one', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const compact = windowOf(rows);
      compactWindow(manifest, compact);
      expect(totals(compact)).toEqual(totals(windowOf(rows)));
      expect(compact.rows).toBe(totals(compact).size);
    }),
  );
});

it('emptyWindow turns what was kept into a loss', () => {
  const empty = windowOf([[1, 1, 1, 5, 0, 0, 0]]);
  emptyWindow(empty, 'spool-full');
  expect(empty).toMatchObject({ rows: 0, counters: { seen: 7n, kept: 0n } });
  expect(empty.counters?.lost.map(({ cause, count }) => [cause, count])).toEqual([
    ['map-full', 2n],
    ['spool-full', 5n],
  ]);
  expect(empty.columns.every((column) => column.u32.length + column.u64.length + column.blob.length === 0)).toBe(true);
});
