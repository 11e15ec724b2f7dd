/** What moves on with a range gives what working it out from nothing gives, over made-up histories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import {
  type Band,
  CALL_GROUPINGS,
  type CallGrouping,
  type Calls,
  CallsMaker,
  heatMap,
  pickCells,
  RollingHeat,
  RollingSparks,
  RollingSums,
  sparkRates,
  sumCells,
  timeColumns,
} from '../../../renderer/derive/calls/index.ts';
import { NO_FILTER } from '../../../renderer/derive/index.ts';
import type { Tables } from '../../../renderer/store/index.ts';
import { WindowRing } from '../../../renderer/store/window-ring.ts';

const S = 1e9;
const THREADS = 6;
/** Two threads each. */
const processOf = (thread: number) => Math.ceil(thread / 2);

/** Everybody is known, in three processes. */
const TABLES = {
  processes: [0, 1, 2, 3].map((id) => (id === 0 ? undefined : { id, pid: id, comm: `p${id}`, container: '' })),
  threads: Array.from({ length: THREADS + 1 }, (_, id) =>
    id === 0 ? undefined : { id, tid: id, process: processOf(id), comm: `t${id}` },
  ),
} as unknown as Tables;

/** thread, call, errno, bucket, calls, total, longest */
const row = fc.tuple(
  fc.integer({ min: 1, max: THREADS }),
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(0, 0, 11),
  fc.constantFrom(3, 9, 12, 64),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 0, max: 1e9 }),
  fc.integer({ min: 0, max: 1e6 }),
);

interface Step {
  readonly rows: readonly (readonly number[])[];
  /** Nobody looked before this window. */
  readonly gap: boolean;
  /** Windows of the range; 0 = all. Now and then it ends earlier, as while something is played. */
  readonly length: number;
  readonly behind: number;
  readonly process: number | null;
  readonly band: Band;
  readonly grouping: CallGrouping;
}

const NARROW: Band = { from: 8, to: 10 };

const step: fc.Arbitrary<Step> = fc.record({
  rows: fc.array(row, { maxLength: 8 }),
  gap: fc.constantFrom(false, false, false, true),
  length: fc.constantFrom(0, 3, 3, 3, 3, 5),
  behind: fc.constantFrom(0, 0, 0, 0, 1, 4),
  process: fc.constantFrom(null, null, null, null, 2),
  band: fc.constantFrom(null, null, null, null, NARROW),
  grouping: fc.constantFrom(...Array.from({ length: 5 }, () => 'call-process' as const), ...CALL_GROUPINGS),
});

function windowOf({ rows }: Step, fromNs: number): WindowSignal {
  const column = (i: number) => Float64Array.from(rows, (each) => each[i]!);
  const counters = { seen: 0, kept: 0, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  const columns = Array.from({ length: 7 }, (_, i) => (i < 5 ? Uint32Array.from(column(i)) : column(i)));
  return {
    kind: 'window',
    probe: 'syscalls',
    fromNs,
    toNs: fromNs + S,
    rows: rows.length,
    columns,
    counters,
    drains: 1,
  };
}

/** Calls of each step's range, as the windows come in; some are forgotten meanwhile. */
function* history(steps: readonly Step[]): Generator<Calls & { readonly asked: Step }> {
  const ring = new WindowRing(findProbe('syscalls')!, { bytes: 36 * 30, spanNs: Number.POSITIVE_INFINITY });
  const maker = new CallsMaker();
  let atNs = 1000 * S;
  for (const asked of steps) {
    if (asked.gap) atNs += 3 * S;
    ring.append(windowOf(asked, atNs));
    atNs += S;
    const windows = ring.published();
    const end = Math.max(0, windows.windowCount - asked.behind);
    const span = { first: asked.length === 0 ? 0 : Math.max(0, end - asked.length), end };
    const { process, band, grouping } = asked;
    const filter = { ...NO_FILTER, process };
    yield { ...maker.make({ windows, span, tables: TABLES, filter, grouping, band }), asked };
  }
}

const histories = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });
const holds = (check: (steps: readonly Step[]) => void) => fc.assert(fc.property(histories, check), { numRuns: 40 });

describe('what moves on is what it would be from nothing', () => {
  it('sums, with their greatest', () => {
    holds((steps) => {
      const earlier = new RollingSums();
      for (const { columns, cells, span, sums } of history(steps)) {
        expect(sums).toEqual(sumCells(columns, cells, span));
        const before = { first: Math.max(0, 2 * span.first - span.end), end: span.first };
        expect(earlier.advance(columns, cells, before)).toEqual(sumCells(columns, cells, before));
      }
    });
  });

  it('the heat map, for any filter and chosen rows', () => {
    holds((steps) => {
      const rolling = new RollingHeat();
      for (const { columns, cells, groups, span, asked } of history(steps)) {
        const picked = asked.behind === 1 ? new Set([0]) : null;
        const mask = pickCells(cells, groups, picked, null);
        const time = timeColumns(columns, span, 4);
        expect(rolling.advance(columns, cells, mask, time)).toEqual(heatMap(columns, cells, mask, time));
      }
    });
  });

  it('sparklines, for any grouping and band', () => {
    holds((steps) => {
      const rolling = new RollingSparks();
      for (const { columns, cells, groups, span, table, asked } of history(steps)) {
        const time = timeColumns(columns, span, 4);
        const rates = rolling.advance(columns, cells, groups, table.present, time, asked.band);
        expect(rates).toEqual(sparkRates(columns, cells, groups, table.present, time, asked.band));
      }
    });
  });
});

it('the histories of these tests grow, slide and forget', () => {
  const steps = fc.sample(histories, { numRuns: 100, seed: 7 });
  const seen = { forgets: 0, slides: 0 };
  for (const each of steps)
    for (const { columns, span } of history(each)) {
      if (columns.rowsForgotten > 0) seen.forgets++;
      if (span.first > 0) seen.slides++;
    }
  expect(Math.min(seen.forgets, seen.slides)).toBeGreaterThan(100);
});

it('a step counts the rows of the columns that changed, and no others', () => {
  const steps = Array.from({ length: 30 }, (_, i): Step => {
    const rows = [[1, 0, 0, 3, i + 1, 5, 5]];
    return { rows, gap: false, length: 10, behind: 0, process: null, band: null, grouping: 'call-process' };
  });
  const rolling = new RollingHeat();
  let read = 0;
  for (const { columns, cells, groups, span } of history(steps)) {
    const calls = new Proxy(columns.calls, {
      get: (target, key) => {
        read++;
        return Reflect.get(target, key) as unknown;
      },
    });
    rolling.advance({ ...columns, calls }, cells, pickCells(cells, groups, null, null), timeColumns(columns, span, 10));
  }
  expect(read).toBe(30);
});
