/** Rows that were sorted to be written: what they come to, and in which order they stand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumOfRows, sumOfWindows } from '../../../electron/recording/sums.ts';
import { findProbe, type ProbeManifest, RunRows, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { sortRows } from '../../../remote-agent/protocol/sort-rows.ts';

const MANIFESTS = ['cpu-profile', 'net-flows', 'syscalls'].map((id) => findProbe(id) as ProbeManifest);

function windowOf(manifest: ProbeManifest, number: number, rows: readonly (readonly number[])[]): WindowSignal {
  return {
    kind: 'window',
    probe: manifest.id,
    fromNs: number * 1e9,
    toNs: (number + 1) * 1e9,
    rows: rows.length,
    columns: manifest.columns.map(({ type }, i) => {
      const isU32 = ['thread', 'cpu', 'stack', 'flow', 'count32', 'code'].includes(type);
      const cells = rows.map((row) => row[i % row.length] ?? 0);
      return isU32 ? Uint32Array.from(cells) : Float64Array.from(cells);
    }),
    counters: { seen: 1, kept: 1, idle: 0, filtered: 0, lost: [{ cause: 'a', count: 0 }], incompleteStacks: 0 },
    drains: 1,
  };
}

const sortedRows = ({ rows, columns }: WindowSignal): string[] =>
  Array.from({ length: rows }, (_, row) => columns.map((column) => String(column[row])).join(' ')).sort();

const cell = fc.oneof(fc.nat(3), fc.nat(5000), fc.integer({ min: 0, max: 0xffff_ffff }));
const drawn = fc.array(fc.array(fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }), { maxLength: 9 }), {
  minLength: 1,
  maxLength: 6,
});

test('their sum is that of the windows', () => {
  fc.assert(
    fc.property(fc.constantFrom(...MANIFESTS), drawn, (manifest, rows) => {
      const windows = rows.map((each, i) => windowOf(manifest, i, each));
      const sum = sumOfRows(new RunRows(windows.map((window, order) => ({ order, window }))));
      const expected = sumOfWindows(windows);
      expect(sum && sortedRows(sum)).toEqual(sortedRows(expected));
      expect({ ...sum, columns: [] }).toEqual({ ...expected, columns: [] });
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('there is none where it would not be exact', () => {
  const calls = MANIFESTS[2] as ProbeManifest;
  const most = [1, 1, 0, 1, Number.MAX_SAFE_INTEGER, 1, 1];
  const windows = [windowOf(calls, 1, [most]), windowOf(calls, 2, [most])];
  expect(sumOfRows(new RunRows(windows.map((window, order) => ({ order, window }))))).toBeNull();
});

test('rows are sorted as comparing sorts them', () => {
  const rows = fc.array(fc.tuple(cell, cell, fc.maxSafeNat()), { maxLength: 60 });
  fc.assert(
    fc.property(rows, (all) => {
      const keys = [
        Uint32Array.from(all, ([a]) => a),
        Uint32Array.from(all, ([, b]) => b),
        Float64Array.from(all, ([, , c]) => c),
      ];
      const compared = all.map((_, row) => row);
      compared.sort((a, b) => keys.reduce((found, key) => found || (key[a] ?? 0) - (key[b] ?? 0), 0));
      expect([...sortRows(all.length, keys)]).toEqual(compared);
    }),
    { numRuns: 200, seed: 4 },
  );
});
