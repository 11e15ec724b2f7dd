import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeWaitingWindows, mergeWindowSignals } from '../../../electron/session/merge-windows.ts';
import type { NoteSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';

type Row = readonly [thread: number, cpu: number, stack: number, samples: number, slot?: number];

function windowOf(fromNs: number, rows: readonly Row[], lost = 0): WindowSignal {
  const kept = rows.reduce((sum, row) => sum + row[3], 0);
  return {
    kind: 'window',
    probe: 'cpu-profile',
    fromNs,
    toNs: fromNs + 10,
    rows: rows.length,
    columns: [0, 1, 2, 3, 4].map((i) => Uint32Array.from(rows, (row) => row[i] ?? 0)),
    counters: {
      seen: kept + lost + 2,
      kept,
      idle: 1,
      filtered: 1,
      lost: lost ? [{ cause: 'map-full', count: lost }] : [],
      incompleteStacks: 1,
    },
    drains: 1,
  };
}

function rowsOf({ columns, rows }: WindowSignal): Row[] {
  return Array.from({ length: rows }, (_, row) => columns.map((column) => Number(column[row])) as unknown as Row);
}

const note = (text: string): NoteSignal => ({ kind: 'note', atNs: 1, text });
const device = { kind: 'device', hostname: 'edge' } as unknown as Signal;

test('equal keys become one row, other keys stay; counters and drains are added; the time spans both', () => {
  const merged = mergeWindowSignals([
    windowOf(
      100,
      [
        [1, 0, 7, 2],
        [1, 1, 7, 3],
      ],
      5,
    ),
    windowOf(
      200,
      [
        [2, 0, 9, 1],
        [1, 0, 7, 40],
      ],
      6,
    ),
  ]); // prettier-ignore
  expect(rowsOf(merged)).toEqual([
    [1, 0, 7, 42, 0],
    [1, 1, 7, 3, 0],
    [2, 0, 9, 1, 0],
  ]);
  expect(merged).toMatchObject({
    fromNs: 100,
    toNs: 210,
    drains: 2,
    counters: {
      seen: 61,
      kept: 46,
      idle: 2,
      filtered: 2,
      lost: [{ cause: 'map-full', count: 11 }],
      incompleteStacks: 2,
    },
  });
});

test('a key that fades is not known any more, and rows that it told apart become one', () => {
  const apart = windowOf(100, [
    [1, 0, 7, 2, 40],
    [1, 0, 7, 3, 42],
  ]);
  expect(mergeWindowSignals([apart])).toBe(apart);
  expect(rowsOf(mergeWindowSignals([apart, windowOf(200, [[1, 0, 7, 1, 140]])]))).toEqual([[1, 0, 7, 6, 0]]);
});

test('a sum that does not fit its column stays a row of its own', () => {
  const merged = mergeWindowSignals([windowOf(1, [[1, 0, 7, 0xffff_fff0]]), windowOf(2, [[1, 0, 7, 0x20]])]);
  expect(rowsOf(merged).map((row) => row[3])).toEqual([0xffff_fff0, 0x20]);
});

test('the merged window stands where the last one stood: behind whatever it needs', () => {
  const merged = mergeWaitingWindows([windowOf(1, [[1, 0, 1, 1]]), note('a'), windowOf(2, [[1, 0, 1, 1]]), note('b')]);
  expect(merged.map((signal) => (signal.kind === 'note' ? signal.text : signal.kind))).toEqual(['a', 'window', 'b']);
});

test('nothing is merged over a new agent run, whose ids mean something else', () => {
  const window = windowOf(1, [[1, 0, 1, 1]]);
  const merged = mergeWaitingWindows([window, window, device, window, window]);
  expect(merged.map(({ kind }) => kind)).toEqual(['window', 'device', 'window']);
});

test('whatever is merged, every key keeps its total', () => {
  const id = fc.integer({ min: 0, max: 3 });
  const row = fc.tuple(id, id, id, fc.integer({ min: 1, max: 0xffff_ffff }));
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 8 }), (windows) => {
      const signals = windows.map((rows, i) => windowOf(i, rows));
      const [merged, ...others] = mergeWaitingWindows(signals);
      expect(others).toEqual([]);
      expect(totals(rowsOf(merged as WindowSignal))).toEqual(totals(windows.flat()));
    }),
  );
});

function totals(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [thread, cpu, stack, samples] of rows.toSorted()) {
    const key = `${thread} ${cpu} ${stack}`;
    sums.set(key, (sums.get(key) ?? 0) + samples);
  }
  return sums;
}

test('windows of system calls: equal calls are added up, the longest stays, codes stay 32 bits', () => {
  const windows = signalsFromCalls(`
    sh  read   -       10  3
    sh  read   EAGAIN  10  2
    sh  read   -       10  4 @1
    sh  read   -       12  1 @1
  `).filter((signal): signal is WindowSignal => signal.kind === 'window');
  const merged = mergeWindowSignals(windows);
  const [, codes, errnos, buckets, calls, totals, longest] = merged.columns;
  expect([errnos, buckets].map((column) => [...(column as Uint32Array)])).toEqual([
    [0, 11, 0],
    [10, 10, 12],
  ]);
  expect([codes, errnos, buckets].every((column) => column instanceof Uint32Array)).toBe(true);
  expect([...(calls as Float64Array)]).toEqual([7, 2, 1]);
  expect([...(totals as Float64Array)]).toEqual([7 * 1536, 2 * 1536, 6144]);
  expect([...(longest as Float64Array)]).toEqual([2047, 2047, 8191]);
  expect(merged.counters).toMatchObject({ seen: 10, kept: 10 });
});
