import { describe, expect, test } from 'vitest';
import { frozen, rangeOf, windowsWithin } from '../../../renderer/store/index.ts';
import type { SampleColumns } from '../../../renderer/store/index.ts';

const S = 1e9;

describe('range', () => {
  test('"last" slides with the newest data and does not begin before the oldest', () => {
    const last = { kind: 'last', seconds: 10 } as const;
    expect(rangeOf(last, { firstNs: 100 * S, lastNs: 104 * S })).toEqual({ fromNs: 100 * S, toNs: 104 * S });
    expect(rangeOf(last, { firstNs: 100 * S, lastNs: 200 * S })).toEqual({ fromNs: 190 * S, toNs: 200 * S });
  });

  test('"all" is all there is, "between" is what it says', () => {
    const extent = { firstNs: 100 * S, lastNs: 200 * S };
    expect(rangeOf({ kind: 'all' }, extent)).toEqual({ fromNs: 100 * S, toNs: 200 * S });
    expect(rangeOf({ kind: 'between', fromNs: 1, toNs: 2 }, extent)).toEqual({ fromNs: 1, toNs: 2 });
  });

  test('freezing keeps the picture while the data goes on', () => {
    const held = frozen({ kind: 'last', seconds: 10 }, { firstNs: 0, lastNs: 50 * S });
    expect(rangeOf(held, { firstNs: 0, lastNs: 90 * S })).toEqual({ fromNs: 40 * S, toNs: 50 * S });
  });

  //  windows   0    1         2    3
  //            |----|----     |----|----|      (there is a hole from 20 to 30)
  //  seconds   0    10   20   30   40   50
  test.each([
    { from: 0, to: 50, windows: [0, 4] },
    { from: 10, to: 20, windows: [1, 2] },
    { from: 9, to: 31, windows: [0, 3] },
    { from: 21, to: 29, windows: [2, 2] },
    { from: 50, to: 60, windows: [4, 4] },
    { from: 45, to: 45.5, windows: [3, 4] },
  ])('$from s to $to s overlaps windows $windows', ({ from, to, windows }) => {
    const samples = {
      windowCount: 4,
      windowFromNs: Float64Array.of(0, 10 * S, 30 * S, 40 * S),
      windowToNs: Float64Array.of(10 * S, 20 * S, 40 * S, 50 * S),
    } as SampleColumns;
    const { first, end } = windowsWithin(samples, { fromNs: from * S, toNs: to * S });
    expect([first, end]).toEqual(windows);
  });
});
