import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import { errnoName } from '../../../remote-agent/protocol/syscalls/index.ts';
import {
  type Band,
  CALL_GROUPINGS,
  type CallGrouping,
  type Calls,
  CallsMaker,
  callName,
  ErrorIds,
  errorRows,
  GroupNames,
  groupProcess,
  heatMap,
  latencyHistogram,
  pickCells,
  sparkRates,
  timeColumns,
} from '../../../renderer/derive/calls/index.ts';
import { NO_FILTER } from '../../../renderer/derive/index.ts';
import { REPLAY_LIMITS, SessionStore } from '../../../renderer/store/index.ts';
import type { ProbeColumns, Tables } from '../../../renderer/store/index.ts';
import { WindowRing } from '../../../renderer/store/window-ring.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { eagerClock } from './drawn.ts';

const CALLS = `
  mosquitto     connect    ECONNREFUSED  14  210
  mosquitto     read       -             10   60
  mosquitto/io  read       -             20   40 @1
  mosquitto     read       EAGAIN         9    5 @1
  sh            read:i386  -              ?    3 @1
  sh            #999       -              0    1 @2
`;

function dataOf(signals: readonly Signal[]): { readonly windows: ProbeColumns; readonly tables: Tables } {
  const store = new SessionStore(REPLAY_LIMITS, eagerClock());
  void store.ingest(signals);
  const { probes, tables } = store.snapshots.getState();
  return { windows: probes.get('syscalls')!.windows, tables };
}

const whole = { first: 0, end: Number.POSITIVE_INFINITY };
const asks = { filter: NO_FILTER, grouping: 'call-process' as CallGrouping, band: null };

function made(drawing: string, ask: Partial<Parameters<CallsMaker['make']>[0]> = {}): Calls {
  const { windows, tables } = dataOf(signalsFromCalls(drawing));
  const span = ask.span ?? { first: 0, end: windows.windowCount };
  return new CallsMaker().make({ ...asks, windows, tables, ...ask, span });
}

/** One line per row: texts, calls / errors, longest. */
function lines({ table, groups, tables }: Calls): string[] {
  const names = new GroupNames(groups, tables);
  return table.present
    .map((group) => {
      const name = names.of(group).filter(Boolean).join(' ');
      return `${name}: ${table.calls[group]}/${table.errors[group]} ${table.longestNs[group]}`;
    })
    .sort();
}

/** The same by plain maps, a row at a time. */
function linesByHand(signals: readonly Signal[], from: number, to: number): string[] {
  const found = new Map<string, { calls: number; errors: number; longest: number }>();
  const owners = new Map<number, string>();
  for (const signal of signals) {
    if (signal.kind !== 'definitions') continue;
    const comms = new Map(signal.processes.map(({ id, comm, pid }) => [id, `${comm} (${pid})`]));
    for (const { id, process } of signal.threads) owners.set(id, comms.get(process) ?? owners.get(-process) ?? '?');
    for (const [id, comm] of comms) owners.set(-id, comm);
  }
  const windows = signals.filter((signal) => signal.kind === 'window').slice(from, to);
  for (const { columns, rows } of windows) {
    const at = (column: number, row: number) => Number((columns[column] as Float64Array)[row]);
    for (let row = 0; row < rows; row++) {
      const key = `${callName(at(1, row), false)} ${owners.get(at(0, row)) ?? '?'}`;
      const sum = found.get(key) ?? { calls: 0, errors: 0, longest: 0 };
      sum.calls += at(4, row);
      if (at(2, row) !== 0) sum.errors += at(4, row);
      sum.longest = Math.max(sum.longest, at(6, row));
      found.set(key, sum);
    }
  }
  return [...found].map(([key, { calls, errors, longest }]) => `${key}: ${calls}/${errors} ${longest}`).sort();
}

const drawnLine = fc.record({
  who: fc.constantFrom('sh', 'web', 'web/io', 'node', 'node/gc'),
  call: fc.constantFrom('read', 'write', 'openat', 'futex'),
  errno: fc.constantFrom('-', '-', 'EAGAIN', 'ENOENT'),
  bucket: fc.constantFrom('?', '0', '5', '12', '30', '63'),
  calls: fc.integer({ min: 1, max: 1000 }),
  second: fc.integer({ min: 0, max: 7 }),
});
const drawings = fc
  .array(drawnLine, { minLength: 1, maxLength: 60 })
  .map((all) =>
    all.map(({ who, call, errno, bucket, calls, second }) => `${who} ${call} ${errno} ${bucket} ${calls} @${second}`),
  )
  .map((all) => all.join('\n'));

describe('the table', () => {
  it('has a row per call and process, with exact counts and the exact longest', () => {
    expect(lines(made(CALLS))).toEqual([
      '#999 (x86-64) sh (102): 1/0 1',
      'connect mosquitto (101): 210/210 32767',
      'read (i386) sh (102): 3/0 0',
      'read mosquitto (101): 105/5 2097151',
    ]);
  });

  it('names a 32-bit call by its table, among 64-bit ones', () => {
    const names = (drawing: string) => lines(made(drawing)).map((line) => line.split(' sh')[0]);
    expect(names('sh read - 3 1\nsh read:i386 - 3 2')).toEqual(['read (i386)', 'read']);
    expect(names('sh read:i386 - 3 2')).toEqual(['read']);
  });

  it('groups otherwise', () => {
    const by = (grouping: CallGrouping) => lines(made(CALLS, { grouping }));
    expect(by('process')).toEqual(['mosquitto (101): 315/215 2097151', 'sh (102): 4/0 1']);
    expect(by('call')).toContain('read: 105/5 2097151');
    expect(by('thread')).toContain('io (thread 10002) mosquitto (101): 40/0 2097151');
    expect(by('container')).toEqual(['Host (no container): 319/215 2097151']);
  });

  it('quantiles lie within the bucket of the call they mean; none where no duration is known', () => {
    const { table, groups, tables } = made(CALLS, { grouping: 'call' });
    const names = new GroupNames(groups, tables);
    const row = (name: string) => table.present.find((group) => names.of(group)[0] === name)!;
    const read = row('read');
    expect(table.p50Ns[read]).toBeGreaterThanOrEqual(2 ** 10);
    expect(table.p50Ns[read]).toBeLessThan(2 ** 11);
    expect(table.p99Ns[read]).toBeGreaterThanOrEqual(2 ** 20);
    expect(table.p99Ns[read]).toBeLessThanOrEqual(2 ** 21 - 1);
    expect(table.p50Ns[row('read (i386)')]).toBeNaN();
  });

  it('knows the process a row is about', () => {
    const of = (grouping: CallGrouping) => {
      const { table, groups, tables } = made('sh/io read - 3 1', { grouping });
      return groupProcess(groups, table.present[0]!, tables);
    };
    expect(CALL_GROUPINGS.map(of)).toEqual([1, null, 1, 1, null]);
  });

  it('shows for any sequence of ranges, as data comes in, what adding up by hand gives', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(drawings, fc.array(range, { minLength: 8, maxLength: 8 }), (drawing, ranges) => {
        const signals = signalsFromCalls(drawing);
        const store = new SessionStore(REPLAY_LIMITS, eagerClock());
        const maker = new CallsMaker();
        let windowsSoFar = 0;
        for (const signal of signals) {
          void store.ingest([signal]);
          if (signal.kind !== 'window') continue;
          const [a, b] = ranges[windowsSoFar++]!;
          const span = { first: Math.min(a, b, windowsSoFar), end: Math.min(Math.max(a, b), windowsSoFar) };
          const { probes, tables } = store.snapshots.getState();
          const calls = maker.make({ ...asks, span, tables, windows: probes.get('syscalls')!.windows });
          expect(lines(calls)).toEqual(linesByHand(signals, span.first, span.end));
        }
      }),
    );
  });

  it('loses nothing: parts of any filter and any grouping add up to all', () => {
    fc.assert(
      fc.property(drawings, fc.constantFrom(...CALL_GROUPINGS), (drawing, grouping) => {
        const { windows, tables } = dataOf(signalsFromCalls(drawing));
        const span = { first: 0, end: windows.windowCount };
        const all = made(drawing).table.allCalls;
        const part = (process: number) =>
          new CallsMaker().make({ ...asks, windows, span, tables, grouping, filter: { ...NO_FILTER, process } }).table;
        const parts = tables.processes.map((process) => (process ? part(process.id).allCalls : 0));
        expect(parts.reduce((sum, calls) => sum + calls, 0)).toBe(all);
      }),
    );
  });

  it('begins anew when rows were forgotten, and row numbers keep their meaning', () => {
    const manifest = findProbe('syscalls')!;
    const signals = signalsFromCalls(Array.from({ length: 40 }, (_, s) => `sh read - ${s % 20} 1 @${s}`).join('\n'));
    const { tables } = dataOf(signals);
    const ring = new WindowRing(manifest, { bytes: 40 * 10, spanNs: Number.POSITIVE_INFINITY });
    const maker = new CallsMaker();
    for (const signal of signals) {
      if (signal.kind !== 'window') continue;
      ring.append(signal);
      const windows = ring.published();
      const span = { first: 0, end: windows.windowCount };
      const { table } = maker.make({ ...asks, windows, span, tables });
      expect(table.allCalls).toBe(windows.windowCount);
      expect(table.present).toEqual([0]);
    }
    expect(ring.published().rowsForgotten).toBeGreaterThan(0);
  });
});

describe('pictures', () => {
  const histogramOf = ({ cells, sums, groups }: Calls, picked: ReadonlySet<number> | null = null, band: Band = null) =>
    latencyHistogram(cells, sums, pickCells(cells, groups, picked, band));

  it('the histogram counts known durations by bucket, and the others beside it', () => {
    const { counts, known, unknown, longestNs } = histogramOf(made(CALLS));
    expect([known, unknown, longestNs]).toEqual([316, 3, 2097151]);
    expect([counts[0], counts[9], counts[10], counts[14], counts[20]]).toEqual([1, 5, 60, 210, 40]);
  });

  it('a chosen row, a filter and a band narrow it', () => {
    const calls = made(CALLS, { filter: { ...NO_FILTER, process: 1 } });
    expect(histogramOf(calls).known).toBe(315);
    const connect = calls.table.present.find((group) => calls.table.calls[group] === 210)!;
    expect(histogramOf(calls, new Set([connect])).known).toBe(210);
    const banded = histogramOf(calls, null, { from: 9, to: 10 });
    expect([banded.known, banded.unknown]).toEqual([65, 0]);
    expect(made(CALLS, { band: { from: 9, to: 10 } }).table.allCalls).toBe(65);
  });

  it('the heat map holds the histogram, spread over time', () => {
    fc.assert(
      fc.property(drawings, fc.integer({ min: 1, max: 10 }), (drawing, most) => {
        const calls = made(drawing);
        const mask = pickCells(calls.cells, calls.groups, null, null);
        const { counts } = latencyHistogram(calls.cells, calls.sums, mask);
        const heat = heatMap(calls.columns, calls.cells, mask, timeColumns(calls.columns, calls.span, most));
        const sums = new Float64Array(LATENCY_BUCKETS);
        for (const [i, each] of heat.calls.entries()) sums[i % LATENCY_BUCKETS]! += each;
        expect([...sums]).toEqual([...counts]);
      }),
    );
  });

  it('columns are whole windows, and stay where they are while the range slides', () => {
    const drawing = Array.from({ length: 30 }, (_, second) => `sh read - 3 1 @${second}`).join('\n');
    const { columns } = made(drawing);
    const early = timeColumns(columns, { first: 0, end: 20 }, 10);
    const late = timeColumns(columns, { first: 3, end: 23 }, 10);
    expect([...early.windows]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect([...late.windows].slice(1, -1)).toEqual([4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    expect(early.seconds[0]).toBe(2);
  });

  it('a time nobody watched is a gap between columns', () => {
    const later = signalsFromCalls('sh read - 3 1', { startNs: 1010e9 });
    const { windows, tables } = dataOf([...signalsFromCalls('sh read - 3 1'), ...later.slice(1)]);
    const { columns } = new CallsMaker().make({ ...asks, windows, tables, span: { ...whole, end: 2 } });
    const time = timeColumns(columns, { first: 0, end: 2 }, 1);
    expect([...time.fromNs, ...time.toNs]).toEqual([1000e9, 1010e9, 1001e9, 1011e9]);
  });

  it('sparklines are rates of the rows asked for', () => {
    const { columns, span, cells, groups, table } = made('sh read - 3 10\nsh read - 3 20 @1\nsh write - 3 7 @1');
    const [read, write] = [...table.present].sort((a, b) => table.calls[b]! - table.calls[a]!);
    const time = timeColumns(columns, span, 10);
    const rates = sparkRates(columns, cells, groups, [read!], time, null);
    expect([...rates.get(read!)!]).toEqual([10, 20]);
    expect(rates.has(write!)).toBe(false);
  });
});

describe('errors', () => {
  it('are counted by call, process and errno, with what the process tried in all', () => {
    const { cells, sums, groups, tables } = made(CALLS);
    const rows = errorRows(new ErrorIds(), cells, sums, groups, tables, null);
    const text = rows.map(
      (row) => `${callName(row.call, false)} ${errnoName(row.errno)} ${row.calls} of ${row.ofCalls}`,
    );
    expect(text).toEqual(['connect ECONNREFUSED 210 of 210', 'read EAGAIN 5 of 105']);
  });

  it('keep their number from one range to the next; those of other ranges leave no trace', () => {
    const { windows, tables } = dataOf(signalsFromCalls(`${CALLS}\nmosquitto write EPIPE 3 900 @2`));
    const maker = new CallsMaker();
    const ids = new ErrorIds();
    const rows = (first: number, end: number) => {
      const { cells, sums, groups } = maker.make({ ...asks, windows, tables, span: { first, end } });
      return Array.from(errorRows(ids, cells, sums, groups, tables, null), (row) => [errnoName(row.errno), row.id]);
    };
    expect(rows(0, 1)).toEqual([['ECONNREFUSED', 0]]);
    expect(rows(2, 3)).toEqual([['EPIPE', 1]]);
    expect(rows(0, 3)).toEqual([
      ['EPIPE', 1],
      ['ECONNREFUSED', 0],
      ['EAGAIN', 2],
    ]);
    expect(rows(1, 2)).toEqual([['EAGAIN', 2]]);
  });
});
