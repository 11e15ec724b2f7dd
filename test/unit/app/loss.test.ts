import { describe, expect, test } from 'vitest';
import type { SampleColumns } from '../../../renderer/store/index.ts';
import { lossStretches, summariseLoss } from '../../../renderer/app/workspace/loss.ts';

const counters = (kept: number, lost: Readonly<Record<string, number>> = {}) => ({
  seen: 0,
  kept,
  idle: 1000,
  filtered: 0,
  lost: Object.entries(lost).map(([cause, count]) => ({ cause, count })),
  incompleteStacks: 0,
});

/** "..3.." : one window per second, a digit = so many lost in it. */
function samples(drawing: string): SampleColumns {
  const seconds = [...drawing];
  return {
    windowCount: seconds.length,
    windowFromNs: Float64Array.from(seconds, (_, second) => second * 1e9),
    windowToNs: Float64Array.from(seconds, (_, second) => (second + 1) * 1e9),
    windowCounters: seconds.map((mark) => counters(10, mark === '.' ? {} : { 'map-full': Number(mark) })),
  } as unknown as SampleColumns;
}

describe('loss', () => {
  test('the share is of what should have been kept: idle time is not lost', () => {
    const loss = summariseLoss(counters(90, { 'map-full': 7, 'spool-full': 3 }));
    expect(loss).toMatchObject({ lost: 10, share: 0.1 });
    expect(loss.causes.map(({ cause }) => cause)).toEqual(['map-full', 'spool-full']);
  });

  test('nothing taken is nothing lost', () => {
    expect(summariseLoss(counters(0))).toEqual({ lost: 0, share: 0, causes: [] });
  });

  test('neighbouring losses are one event, newest first', () => {
    expect(lossStretches(samples('..12.3..........4.'), 9)).toEqual([
      { fromNs: 16e9, toNs: 17e9, count: 4 },
      { fromNs: 2e9, toNs: 6e9, count: 6 },
    ]);
  });

  test('no more than asked for, and the joined ones whole', () => {
    expect(lossStretches(samples('9........11........2'), 2)).toEqual([
      { fromNs: 19e9, toNs: 20e9, count: 2 },
      { fromNs: 9e9, toNs: 11e9, count: 2 },
    ]);
  });
});
