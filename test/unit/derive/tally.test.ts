import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterTally, RollingTally, selectRows, type Tally, tallyRows } from '../../../renderer/derive/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { stacks } from './arbitrary.ts';
import { snapshotOf } from './drawn.ts';

/** Entries that weigh something, in an order that does not depend on when they were first seen. */
function entries(tally: Tally): string[] {
  return Array.from({ length: tally.count }, (_, i) => i)
    .filter((i) => tally.weight[i]! > 0)
    .map((i) => `${tally.thread[i]}:${tally.stack[i]} ${tally.weight[i]}`)
    .sort();
}

const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
  minLength: 1,
  maxLength: 12,
});

describe('RollingTally', () => {
  it('gives for any sequence of ranges what counting from nothing gives', () => {
    fc.assert(
      fc.property(stacks, spans, (given, moves) => {
        const { samples } = snapshotOf(signalsFromStacks(given, { seconds: 6 }));
        const rolling = new RollingTally();
        for (const [a, b] of moves) {
          const span = { first: Math.min(a, b), end: Math.max(a, b) };
          const moved = rolling.advance(samples, span);
          const fresh = tallyRows(samples, span);
          expect(entries(moved)).toEqual(entries(fresh));
          expect(moved.total).toBe(fresh.total);
        }
      }),
    );
  });

  it('keeps what it gave out as it was', () => {
    const { samples } = snapshotOf('sh;a 1\nsh;b 2 @1\nsh;a 4 @2\nsh;a 8 @3');
    const rolling = new RollingTally();
    const first = rolling.advance(samples, { first: 0, end: 3 });
    const before = entries(first);
    rolling.advance(samples, { first: 1, end: 4 });
    expect(entries(first)).toEqual(before);
  });

  it('starts again when the windows it knew are gone', () => {
    const rolling = new RollingTally();
    rolling.advance(snapshotOf('sh;a 1\nsh;b 2 @1').samples, { first: 0, end: 2 });
    const other = snapshotOf(signalsFromStacks('sh;c 5', { startNs: 77e9 })).samples;
    expect(rolling.advance(other, { first: 0, end: 1 }).total).toBe(5);
  });
});

describe('selectRows', () => {
  const { samples, tables } = snapshotOf('web/one;f 1\nweb/two;f 2\nsh;f 4\nsh;f 8 @1');
  const total = (filter: Partial<Parameters<typeof selectRows>[3]>, end = 2) =>
    selectRows(samples, { first: 0, end }, tables, { process: null, thread: null, container: null, ...filter }).total;

  it('takes the windows of the range', () => {
    expect([total({}, 1), total({}, 2), total({}, 0)]).toEqual([7, 15, 0]);
  });

  it('takes one process, one thread, one container', () => {
    expect([
      total({ process: 1 }),
      total({ process: 2 }),
      total({ thread: 2 }),
      total({ process: 2, thread: 1 }),
    ]).toEqual([3, 12, 2, 0]);
    expect([total({ container: '' }), total({ container: 'influx' })]).toEqual([15, 0]);
  });

  it('loses nothing: the processes add up to all', () => {
    fc.assert(
      fc.property(stacks, (given) => {
        const { samples, tables } = snapshotOf(signalsFromStacks(given));
        const all = tallyRows(samples, { first: 0, end: samples.windowCount });
        const parts = tables.processes.map((process) =>
          process ? filterTally(all, tables, { process: process.id, thread: null, container: null }).total : 0,
        );
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(all.total);
      }),
    );
  });
});
