import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallsMaker } from '../../../renderer/derive/calls/index.ts';
import { EventsMaker } from '../../../renderer/derive/events/index.ts';
import { FlowsMaker, parseFilter } from '../../../renderer/derive/flows/index.ts';
import { NO_FILTER, PLAIN_TREE, ProfileMaker, sampleColumns } from '../../../renderer/derive/index.ts';
import { Excerpts, LIVE_LIMITS, SessionStore, united, windowsWithin } from '../../../renderer/store/index.ts';
import type { ProbeColumns, RangeNs } from '../../../renderer/store/index.ts';
import { withCalls } from '../../e2e/screens/box-calls.ts';
import { withEvents } from '../../e2e/screens/box-events.ts';
import { withFlows } from '../../e2e/screens/box-flows.ts';
import { boxSignals, START_NS } from '../../e2e/screens/box-signals.ts';
import { HandClock } from './hand-clock.ts';

const S = 1e9;
const SECONDS = 100;

const clock = new HandClock();
const store = new SessionStore(LIVE_LIMITS, clock);
void store.ingest(withEvents(withFlows(withCalls(boxSignals(SECONDS)))));
clock.frame(1000);
const { probes, tables } = store.snapshots.getState();
const windowsOf = (probe: string): ProbeColumns => probes.get(probe)!.windows;
const stretch = (from: number, to: number): RangeNs => ({ fromNs: START_NS + from * S, toNs: START_NS + to * S });
const whole = (windows: ProbeColumns) => ({ first: 0, end: windows.windowCount });

/** Several ranges, in order, with time between them. */
const rangeLists = fc
  .uniqueArray(fc.integer({ min: 0, max: SECONDS * 4 }), { minLength: 4, maxLength: 10 })
  .map((edges) => edges.toSorted((a, b) => a - b).map((edge) => edge / 4))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, i) => stretch(edges[2 * i]!, edges[2 * i + 1]!)),
  );

/** The windows of all ranges, each once. */
function windowsIn(windows: ProbeColumns, ranges: readonly RangeNs[]): number[] {
  const found = new Set<number>();
  for (const range of ranges) {
    const { first, end } = windowsWithin(windows, range);
    for (let window = first; window < end; window++) found.add(window);
  }
  return [...found].toSorted((a, b) => a - b);
}

describe.each([
  ['cpu-profile', profile],
  ['syscalls', calls],
  ['net-flows', flows],
  ['slow-syscalls', events],
])('%s of several ranges', (probe, total) => {
  const windows = windowsOf(probe);

  test('is the sum of the windows of the ranges, none of them twice', () => {
    const measure = total();
    fc.assert(
      fc.property(rangeLists, (ranges) => {
        const excerpt = new Excerpts().of(windows, ranges);
        const expected = windowsIn(windows, ranges);
        expect([...excerpt.windowFromNs.subarray(0, excerpt.windowCount)]).toEqual(
          expected.map((window) => windows.windowFromNs[window]),
        );
        const each = expected.map((window) => total()(windows, { first: window, end: window + 1 }));
        expect(total()(excerpt, whole(excerpt))).toBe(each.reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: 15 },
    );
    expect(measure(windows, whole(windows))).toBeGreaterThan(0);
  });

  test('of one maker, whatever ranges it saw before', () => {
    const excerpts = new Excerpts();
    const measure = total();
    fc.assert(
      fc.property(rangeLists, (ranges) => {
        const excerpt = excerpts.of(windows, ranges);
        expect(measure(excerpt, whole(excerpt))).toBe(total()(excerpt, whole(excerpt)));
      }),
      { numRuns: 15 },
    );
    expect(measure(windows, whole(windows))).toBe(total()(windows, whole(windows)));
  });
});

test('ranges that differ in the middle only, with as many rows, are not taken for each other', () => {
  const samples = windowsOf('cpu-profile');
  const excerpts = new Excerpts();
  const ask = (maker: ProfileMaker, windows: ProbeColumns) => {
    const [samples, span] = [sampleColumns(windows), whole(windows)];
    return maker.make({ samples, tables, span, filter: NO_FILTER, options: PLAIN_TREE, inverted: false, within: null })
      .facets;
  };
  const maker = new ProfileMaker();
  const middles = Array.from({ length: 20 }, (_, i) =>
    excerpts.of(samples, [stretch(10, 20), stretch(25 + i, 30 + i), stretch(60, 70)]),
  );
  const alike = middles.toSorted((a, b) => a.rowCount - b.rowCount);
  expect(new Set(alike.map(({ rowCount }) => rowCount)).size).toBeLessThan(alike.length);
  for (const excerpt of alike) expect(ask(maker, excerpt)).toEqual(ask(new ProfileMaker(), excerpt));
});

function profile() {
  const maker = new ProfileMaker();
  return (windows: ProbeColumns, span: { first: number; end: number }) => {
    const samples = sampleColumns(windows);
    const { tree } = maker.make({
      samples,
      tables,
      span,
      filter: NO_FILTER,
      options: PLAIN_TREE,
      inverted: false,
      within: null,
    });
    return tree.total[0]!;
  };
}

function calls() {
  const maker = new CallsMaker();
  return (windows: ProbeColumns, span: { first: number; end: number }) =>
    maker.make({ windows, span, tables, filter: NO_FILTER, grouping: 'call', band: null }).table.allCalls;
}

function flows() {
  const maker = new FlowsMaker();
  return (windows: ProbeColumns, span: { first: number; end: number }) => {
    const names = () => '';
    const filter = parseFilter('');
    const { world } = maker.make({
      windows,
      span,
      tables,
      names,
      process: null,
      container: null,
      filter,
      hidesOwn: false,
    });
    return world.totals.sent.reduce((sum, bytes) => sum + bytes, 0);
  };
}

function events() {
  const maker = new EventsMaker();
  return (windows: ProbeColumns, span: { first: number; end: number }) =>
    maker.make({ windows, span, tables, filter: NO_FILTER }).coverage.kept;
}

describe('an excerpt', () => {
  test('is the same object while its windows are the same, also when others come', () => {
    const excerpts = new Excerpts();
    const ranges = [stretch(10, 20), stretch(30, 40)];
    const first = excerpts.of(windowsOf('cpu-profile'), ranges);
    expect(excerpts.of(windowsOf('cpu-profile'), [...ranges])).toBe(first);
    const clock = new HandClock();
    const growing = new SessionStore(LIVE_LIMITS, clock);
    const signals = boxSignals(SECONDS);
    void growing.ingest(signals.slice(0, signals.length / 2));
    clock.frame(1000);
    const half = new Excerpts();
    const now = () => half.of(growing.snapshots.getState().probes.get('cpu-profile')!.windows, ranges);
    const before = now();
    void growing.ingest(signals.slice(signals.length / 2));
    clock.frame(1000);
    expect(now()).toBe(before);
  });

  test('no two have a row number in common', () => {
    const excerpts = new Excerpts();
    const [a, b] = [stretch(10, 20), stretch(30, 40)].map((range) =>
      excerpts.of(windowsOf('cpu-profile'), [range, stretch(50, 60)]),
    );
    expect(b!.rowsForgotten).toBeGreaterThanOrEqual(a!.rowsForgotten + a!.rowCount);
  });

  test('of a time without windows is empty', () => {
    const excerpt = new Excerpts().of(windowsOf('cpu-profile'), [stretch(71, 73), stretch(74, 76)]);
    expect([excerpt.windowCount, excerpt.rowCount, excerpt.windowRow[0]]).toEqual([0, 0, 0]);
  });
});

describe('selecting several', () => {
  test.each([
    ['in the order of time', [stretch(30, 40), stretch(10, 20)], [stretch(10, 20), stretch(30, 40)]],
    [
      'overlapping ones are one',
      [stretch(10, 20), stretch(15, 30), stretch(40, 50)],
      [stretch(10, 30), stretch(40, 50)],
    ],
    ['touching ones are one', [stretch(10, 20), stretch(20, 30), stretch(40, 50)], [stretch(10, 30), stretch(40, 50)]],
    [
      'one within another is nothing new',
      [stretch(10, 40), stretch(20, 30), stretch(50, 60)],
      [stretch(10, 40), stretch(50, 60)],
    ],
  ])('%s', (_, given, ranges) => {
    expect(united(given)).toEqual({ kind: 'several', ranges });
  });

  test('of one, or none', () => {
    expect(united([stretch(10, 20)])).toEqual({ kind: 'between', ...stretch(10, 20) });
    expect(united([])).toBeNull();
  });
});
