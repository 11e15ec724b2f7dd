import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeatMap, TimeColumns } from '../../../renderer/derive/calls/index.ts';
import {
  boxBetween,
  columnAt,
  type HeatFrame,
  isSameCell,
  pointAt,
  shownRows,
  topOf,
  xOf,
} from '../../../renderer/views/syscalls/heat-frame.ts';
import { keyStep } from '../../../renderer/views/syscalls/heat-keys.ts';

const S = 1e9;
const FRAME: HeatFrame = {
  widthPx: 600,
  heightPx: 120,
  range: { fromNs: 100 * S, toNs: 160 * S },
  lowest: 8,
  highest: 19,
};

/** A column a second, with a hole from 110 to 115. */
const COLUMNS = (() => {
  const starts = Array.from({ length: 60 }, (_, i) => 100 + i).filter((second) => second < 110 || second >= 115);
  return {
    count: starts.length,
    fromNs: Float64Array.from(starts, (second) => second * S),
    toNs: Float64Array.from(starts, (second) => (second + 1) * S),
  } as TimeColumns;
})();

describe('places', () => {
  test('time goes right, latency goes up', () => {
    expect([xOf(FRAME, 100 * S), xOf(FRAME, 130 * S), xOf(FRAME, 999 * S)]).toEqual([0, 300, 600]);
    expect([topOf(FRAME, 19), topOf(FRAME, 8), topOf(FRAME, 7)]).toEqual([0, 110, 120]);
  });

  test('what lies under a point is drawn there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), fc.integer({ min: 0, max: 119 }), (x, y) => {
        const { atNs, bucket } = pointAt(FRAME, x + 0.5, y + 0.5);
        expect(xOf(FRAME, atNs)).toBeCloseTo(x + 0.5, 6);
        expect(topOf(FRAME, bucket)).toBeLessThanOrEqual(y + 0.5);
        expect(topOf(FRAME, bucket - 1)).toBeGreaterThan(y + 0.5);
      }),
    );
  });

  test('beyond the edge is at the edge', () => {
    expect(pointAt(FRAME, -50, 900)).toEqual({ atNs: 100 * S, bucket: 8 });
    expect(pointAt(FRAME, 900, -50)).toEqual({ atNs: 160 * S, bucket: 19 });
  });
});

describe('selection', () => {
  test('whole columns and whole buckets, whichever way it is dragged', () => {
    const [a, b] = [
      { atNs: 102.4 * S, bucket: 12 },
      { atNs: 105.1 * S, bucket: 9 },
    ];
    const box = { range: { fromNs: 102 * S, toNs: 106 * S }, from: 9, to: 12 };
    expect([boxBetween(COLUMNS, a, b), boxBetween(COLUMNS, b, a)]).toEqual([box, box]);
  });

  test('an edge in a gap stays where it was put', () => {
    const a = { atNs: 112 * S, bucket: 9 };
    expect(columnAt(COLUMNS, a.atNs)).toBe(-1);
    expect(boxBetween(COLUMNS, a, { atNs: 116.5 * S, bucket: 9 }).range).toEqual({ fromNs: 112 * S, toNs: 117 * S });
  });
});

describe('keys', () => {
  const rows = { lowest: 8, highest: 19 };

  test('begin at the newest column, and stay inside', () => {
    const first = keyStep('ArrowLeft', null, COLUMNS, rows);
    expect(first).toEqual({ atNs: 159.5 * S, bucket: 13 });
    expect(keyStep('ArrowRight', first, COLUMNS, rows)).toEqual(first);
    expect(keyStep('ArrowUp', first, COLUMNS, rows)?.bucket).toBe(14);
    expect(keyStep('ArrowDown', { atNs: 100 * S, bucket: 8 }, COLUMNS, rows)?.bucket).toBe(8);
  });

  test('step over a gap', () => {
    expect(keyStep('ArrowRight', { atNs: 109.5 * S, bucket: 9 }, COLUMNS, rows)?.atNs).toBe(115.5 * S);
  });

  test('leave other keys alone', () => expect(keyStep('Enter', null, COLUMNS, rows)).toBeNull());
});

test.each([
  [null, 8],
  [{ from: 13, to: 13 }, 8],
  [{ from: 9, to: 30 }, 24],
  [{ from: 63, to: 63 }, 8],
  [{ from: 0, to: 63 }, 64],
])('rows of %j: %d of them, all calls among them', (buckets, count) => {
  const { lowest, highest } = shownRows({ buckets } as HeatMap);
  expect(highest + 1 - lowest).toBe(count);
  if (buckets) expect([lowest <= buckets.from, highest >= buckets.to]).toEqual([true, true]);
});

test('two points are the same cell in one row of one column; in a gap, none is like another', () => {
  const at = (second: number, bucket = 9) => ({ atNs: second * S, bucket });
  expect(isSameCell(COLUMNS, at(101.1), at(101.9))).toBe(true);
  expect(isSameCell(COLUMNS, at(101.1), at(101.9, 10))).toBe(false);
  expect(isSameCell(COLUMNS, at(101.9), at(102.1))).toBe(false);
  expect(isSameCell(COLUMNS, at(111), at(111.5))).toBe(false);
});
