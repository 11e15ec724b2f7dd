import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeWindowSum,
  encodeWindowSum,
  hexText,
  type ProbeManifest,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts';
import { CountersSchema, type Window, WindowSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';

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

function sumOf(rows: readonly Row[], fromNs = 1n): WindowSum {
  const seen = BigInt(rows.reduce((sum, row) => sum + row[3], 0));
  const counters = create(CountersSchema, { seen: seen + 2n, kept: seen, lost: [{ cause: 'map-full', count: 2n }] });
  const window = new WindowSum(manifest, { fromNs, toNs: fromNs + 1n, counters, drains: 1 });
  for (const cells of rows) {
    const row = window.nextRow();
    for (const [i, cell] of cells.entries())
      if (i === 2) (window.columns[i] as Uint8Array[])[row] = Uint8Array.of(cell);
      else (window.columns[i] as Uint32Array)[row] = cell;
    window.commit();
  }
  return window;
}

function merged(...windows: readonly WindowSum[]): WindowSum {
  const sum = decodeWindowSum(manifest, encodeWindowSum(windows[0] as WindowSum));
  for (const window of windows.slice(1)) sum.add(window);
  return sum;
}

/** As any reader of protobuf would read what is sent. */
const read = (window: WindowSum): Window => fromBinary(WindowSchema, encodeWindowSum(window));

/** Key → sums and maxima: what a window says, whatever its row order. */
function totals(sum: WindowSum): Map<string, (number | bigint)[]> {
  const byKey = new Map<string, (number | bigint)[]>();
  const window = read(sum);
  const [thread, bucket, address, calls, total, longest, deepest] = window.columns;
  for (let row = 0; row < window.rows; row++) {
    const key = `${thread?.u32[row]} ${bucket?.u64[row]} ${hexText(address?.blob[row] ?? Uint8Array.of())}`;
    const [c, t, l, d] = [calls?.u32[row] ?? 0, total?.u64[row] ?? 0n, longest?.u64[row] ?? 0n, deepest?.u32[row] ?? 0];
    const old = byKey.get(key) as [number, bigint, bigint, number] | undefined;
    byKey.set(key, old ? [old[0] + c, old[1] + t, old[2] > l ? old[2] : l, Math.max(old[3], d)] : [c, t, l, d]);
  }
  return new Map([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the rows say, added up without our code. */
function expected(rows: readonly Row[]): Map<string, (number | bigint)[]> {
  const byKey = new Map<string, [number, bigint, bigint, number]>();
  for (const [thread, bucket, address, calls, total, longest, deepest] of rows) {
    const key = `${thread} ${bucket} ${hexText(Uint8Array.of(address))}`;
    const [c, t, l, d] = byKey.get(key) ?? [0, 0n, 0n, 0];
    const longer = BigInt(longest) > l ? BigInt(longest) : l;
    byKey.set(key, [c + calls, t + BigInt(total), longer, Math.max(d, deepest)]);
  }
  return new Map([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const fadingManifest: ProbeManifest = {
  ...manifest,
  columns: [
    { name: 'thread', type: 'thread', role: 'key', help: '' },
    { name: 'calls', type: 'count32', role: 'sum', help: '' },
    { name: 'slot', type: 'count32', role: 'key', fades: true, help: '' },
  ],
};

function fadingSum(rows: readonly (readonly [thread: number, slot: number])[]): WindowSum {
  const window = new WindowSum(fadingManifest, { fromNs: 1n, toNs: 2n, counters: create(CountersSchema), drains: 1 });
  for (const [thread, slot] of rows) {
    const row = window.nextRow();
    for (const [i, cell] of [thread, 1, slot].entries()) (window.columns[i] as Uint32Array)[row] = cell;
    window.commit();
  }
  return window;
}

const small = fc.integer({ min: 0, max: 3 });
const row = fc.tuple(small, small, small, fc.nat(1000), fc.nat(10 ** 9), fc.nat(10 ** 9), fc.nat(100));
const rows = fc.array(row, { maxLength: 300 });
const window = rows.map((some) => sumOf(some));

describe('a window that is added up', () => {
  it('gives per key the sums and maxima of both, as one row each', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const sum = merged(sumOf(a), sumOf(b));
        const truth = expected([...a, ...b]);
        expect(totals(sum)).toEqual(truth);
        expect(sum.rows).toBe(truth.size);
        for (const [i, column] of read(sum).columns.entries()) {
          const field = i === 2 ? column.blob : i === 0 || i === 3 || i === 6 ? column.u32 : column.u64;
          expect(field.length).toBe(sum.rows);
        }
      }),
    );
  });

  it('is commutative and associative in what it says', () => {
    fc.assert(
      fc.property(window, window, window, (a, b, c) => {
        const ab = merged(a, b);
        expect(totals(merged(b, a))).toEqual(totals(ab));
        const left = merged(ab, c);
        const right = merged(a, merged(b, c));
        expect(totals(left)).toEqual(totals(right));
        expect(left.counters).toEqual(right.counters);
        expect(left.drains).toBe(3);
      }),
    );
  });

  it('leaves what is added alone', () => {
    const a = sumOf([[1, 1, 1, 5, 5, 5, 5]]);
    const before = read(a);
    merged(a, a);
    sumOf([[1, 1, 1, 5, 5, 5, 5]]).add(a);
    expect(read(a)).toEqual(before);
  });

  it('spans both and adds the counters by cause', () => {
    const sum = merged(sumOf([[1, 1, 1, 5, 0, 0, 0]], 10n), sumOf([], 4n));
    expect(sum).toMatchObject({
      fromNs: 4n,
      toNs: 11n,
      drains: 2,
      counters: { seen: 9n, kept: 5n, lost: [{ cause: 'map-full', count: 4n }] },
    });
  });

  it('keeps a row of its own where a sum would not be exact', () => {
    const big: Row = [1, 1, 1, 0xffff_fff0, 1, 1, 1];
    const sum = merged(sumOf([big]), sumOf([big]));
    expect(read(sum).columns[3]?.u32).toEqual([0xffff_fff0, 0xffff_fff0]);
    expect(read(merged(sum, sumOf([[1, 1, 1, 3, 1, 1, 1]]))).columns[3]?.u32).toEqual([0xffff_fff3, 0xffff_fff0]);
    const ages: Row = [1, 1, 1, 1, Number.MAX_SAFE_INTEGER, 1, 1];
    expect(read(merged(sumOf([ages]), sumOf([ages]))).columns[4]?.u64).toEqual([2n ** 53n - 1n, 2n ** 53n - 1n]);
  });

  it('tells keys apart that differ in their upper half only', () => {
    const sum = sumOf([1, 2, 3].map((high) => [1, high * 2 ** 32, 1, 1, 1, 1, 1] as const));
    expect(sum.rows).toBe(3);
  });

  it('makes one row of those that only a fading key told apart, once it is merged with anything', () => {
    const fading = fc.array(fc.tuple(small, small), { maxLength: 200 });
    fc.assert(
      fc.property(fading, fading, (a, b) => {
        const sum = fadingSum(a);
        expect(sum.rows).toBe(new Set(a.map(String)).size);
        sum.add(fadingSum(b));
        const threads = new Map<number, number>();
        for (const [thread] of [...a, ...b]) threads.set(thread, (threads.get(thread) ?? 0) + 1);
        const [thread, calls, slot] = sum.columns.map((column) => [...(column as Uint32Array).subarray(0, sum.rows)]);
        expect(new Map(thread?.map((id, row) => [id, calls?.[row]]))).toEqual(threads);
        expect(sum.rows).toBe(threads.size);
        expect(slot?.every((one) => one === 0)).toBe(true);
      }),
    );
  });

  it('refuses windows of different probes', () => {
    const other = new WindowSum({ ...manifest, id: 'other' }, sumOf([]));
    expect(() => sumOf([]).add(other)).toThrow('other');
  });

  it('emptied turns what was kept into a loss, and can be added to again', () => {
    const sum = sumOf([[1, 1, 1, 5, 0, 0, 0]]);
    sum.empty('spool-full');
    expect(sum).toMatchObject({ rows: 0, counters: { seen: 7n, kept: 0n } });
    expect(sum.counters.lost.map(({ cause, count }) => [cause, count])).toEqual([
      ['map-full', 2n],
      ['spool-full', 5n],
    ]);
    expect(read(sum).columns.every(({ u32, u64, blob }) => u32.length + u64.length + blob.length === 0)).toBe(true);
    sum.add(sumOf([[1, 1, 1, 7, 0, 0, 0]]));
    expect(totals(sum)).toEqual(expected([[1, 1, 1, 7, 0, 0, 0]]));
  });
});

describe('the bytes of a window', () => {
  const anyNumber = fc.oneof(fc.nat(200), fc.maxSafeNat());
  const anyRow = fc.tuple(fc.nat(2 ** 32 - 1), anyNumber, small, fc.nat(2 ** 32 - 1), anyNumber, anyNumber, fc.nat());

  it('are those that protobuf would write, in another order of fields', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 40 }), (some) => {
        const sum = sumOf(some as Row[]);
        const bytes = encodeWindowSum(sum);
        expect(bytes.length).toBe(toBinary(WindowSchema, read(sum)).length);
        expect(encodeWindowSum(decodeWindowSum(manifest, bytes))).toEqual(bytes);
        expect(read(sum)).toMatchObject({ probe: 'latency', rows: sum.rows, counters: sum.counters, drains: 1 });
        expect(read(sum).columns[5]?.u64).toEqual(
          Array.from(sum.columns[5] as Float64Array, BigInt).slice(0, sum.rows),
        );
      }),
    );
  });
});
