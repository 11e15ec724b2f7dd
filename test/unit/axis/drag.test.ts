import { describe, expect, test } from 'vitest';
import type { RangeNs, Selection } from '../../../renderer/store/index.ts';
import { dropped, placed, pressed } from '../../../renderer/views/axis/drag.ts';
import { S } from './series.ts';

const DOMAIN = { fromNs: 0, toNs: 100 * S };
const stretch = (from: number, to: number): RangeNs => ({ fromNs: from * S, toNs: to * S });

/** One px is a tenth of a second. */
function drag(ranges: readonly RangeNs[], from: number, to: number, adds = false): Selection['range'] | null {
  return dropped(pressed({ atNs: from * S, domain: DOMAIN, widthPx: 1000, ranges, adds }), to * S, DOMAIN);
}

describe('a drag', () => {
  test.each([
    ['selects', [], 10, 30, [10, 30]],
    ['selects backwards', [], 30, 10, [10, 30]],
    ['does not leave the data', [], 90, 140, [90, 100]],
    ['beside a range takes its place', [stretch(40, 60)], 10, 30, [10, 30]],
    ['of a range moves it', [stretch(40, 60)], 50, 55, [45, 65]],
    ['of a range stops at the end of the data', [stretch(40, 60)], 50, 99, [80, 100]],
    ['of an end resizes', [stretch(40, 60)], 60.3, 70, [40, 70]],
    ['of a start past the end turns it round', [stretch(40, 60)], 40, 70, [60, 70]],
    ['in what fills the picture selects', [stretch(0, 99)], 20, 30, [20, 30]],
  ] as const)('%s', (_, ranges, from, to, [start, end]) => {
    expect(drag(ranges, from, to)).toEqual({ kind: 'between', ...stretch(start, end) });
  });

  test('with a modifier adds a range, in order', () => {
    expect(drag([stretch(40, 60)], 10, 20, true)).toEqual({
      kind: 'several',
      ranges: [stretch(10, 20), stretch(40, 60)],
    });
  });

  test('an added range that overlaps or touches is one with the others', () => {
    expect(drag([stretch(40, 60)], 50, 70, true)).toEqual({ kind: 'between', ...stretch(40, 70) });
    expect(drag([stretch(40, 60), stretch(80, 90)], 60, 80, true)).toEqual({ kind: 'between', ...stretch(40, 90) });
  });

  test('of one of several leaves the others', () => {
    const two = [stretch(10, 20), stretch(40, 60)];
    expect(drag(two, 15, 25)).toEqual({ kind: 'several', ranges: [stretch(20, 30), stretch(40, 60)] });
    expect(drag(two, 60, 80)).toEqual({ kind: 'several', ranges: [stretch(10, 20), stretch(40, 80)] });
  });
});

test('a range is drawn where it is, cut at the edges, or not at all', () => {
  expect(placed(DOMAIN, stretch(25, 50))).toEqual({ left: '25%', width: '25%' });
  expect(placed(DOMAIN, stretch(-50, 10))).toEqual({ left: '0%', width: '10%' });
  expect(placed(DOMAIN, stretch(120, 130))).toBeNull();
});
