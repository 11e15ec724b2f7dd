/**
 * System calls as one JSON document. Whole numbers are written out in full, also those beyond 2^53: a reader that needs
 * them exact must not take them for doubles.
 */
import { CALL_COLUMNS, callRows, type Cell, type Column, ERROR_COLUMNS, errorRows } from './call-rows.ts';
import type { CallEntry } from './call-table.ts';
import { isoTime } from './calls-csv.ts';
import type { CallWindow, CollectedCalls } from './collect-calls.ts';
import type { CallsExporter } from './exporters.ts';
import { SLOW_COLUMNS } from './slow-columns.ts';
import type { SlowExport } from './slow-export.ts';
import type { Tables } from './tables.ts';

/** Rows per piece. */
const BATCH = 1000;
const VERSION = 1;
const UNITS = Object.fromEntries(CALL_COLUMNS.flatMap(({ name, unit }) => (unit ? [[name, unit]] : [])));

export const callsJson: CallsExporter = {
  of: 'calls',
  format: 'json',
  title: 'System calls and their errors, with units and range',
  extension: '.calls.json',
  pieces,
  windowPieces,
  slowPieces,
};

function* pieces(calls: CollectedCalls): Generator<string, void, void> {
  yield `${HEAD}${aboutOf(calls)},\n`;
  yield* tablesOf(calls.entries, calls.tables);
  yield '}\n';
}

/** What is known only at the end stands there. */
async function* windowPieces(
  windows: AsyncIterable<CallWindow>,
  _table: unknown,
  whole: () => CollectedCalls,
): AsyncGenerator<string> {
  yield `${HEAD}"windows": [`;
  let comma = '\n';
  for await (const window of windows) {
    const { fromNs, toNs, realtimeMs, entries, tables } = window;
    yield `${comma}{${members({ time: isoTime(realtimeMs), from_ns: fromNs, to_ns: toNs })},\n`;
    yield* tablesOf(entries, tables);
    yield '}';
    comma = ',\n';
  }
  yield `\n],\n${aboutOf(whole())}\n}\n`;
}

async function* slowPieces({ rows, whole }: SlowExport): AsyncGenerator<string> {
  yield `${SLOW_HEAD}"slow": [`;
  let comma = '\n';
  for await (const some of rows)
    for (const row of some) {
      yield `${comma}${record(SLOW_COLUMNS, row)}`;
      comma = ',\n';
    }
  yield `\n],\n${aboutOf(whole())}\n}\n`;
}

const SLOW_UNITS = { begun_ns: 'ns', duration_ns: 'ns' };
const SLOW_HEAD = `{${members({ format: 'sonde-slow-calls', version: VERSION })},\n"units": ${JSON.stringify(SLOW_UNITS)},\n`;

const HEAD = `{${members({ format: 'sonde-calls', version: VERSION })},\n"units": ${JSON.stringify(UNITS)},\n`;

function aboutOf({
  device,
  totals,
  coveredNs,
  gapNs,
  fromNs,
  toNs,
  realtimeMs,
  mergedWindows,
}: Omit<CollectedCalls, 'tables' | 'entries'>): string {
  const range = { from_ns: fromNs, to_ns: toNs, covered_ns: coveredNs, gap_ns: gapNs, time: isoTime(realtimeMs) };
  const { seen, kept, filtered, lost } = totals;
  const counters = { seen, kept, filtered, lost: Object.fromEntries(lost), merged_windows: mergedWindows };
  const { hostname = '', machine = '', kernelRelease = '', osName = '' } = device ?? {};
  return [
    `"device": ${JSON.stringify({ hostname, machine, kernel: kernelRelease, os: osName })}`,
    `"range": ${JSON.stringify(range)}`,
    `"counters": ${JSON.stringify(counters)}`,
  ].join(',\n');
}

function* tablesOf(entries: readonly CallEntry[], tables: Tables): Generator<string, void, void> {
  yield* list('calls', CALL_COLUMNS, callRows(entries, tables));
  yield ',\n';
  yield* list('errors', ERROR_COLUMNS, errorRows(entries, tables));
}

function* list<R>(name: string, columns: readonly Column<R>[], rows: readonly R[]): Generator<string, void, void> {
  yield `"${name}": [`;
  for (let at = 0; at < rows.length; at += BATCH)
    yield (at === 0 ? '\n' : ',\n') +
      rows
        .slice(at, at + BATCH)
        .map((row) => record(columns, row))
        .join(',\n');
  yield ']';
}

function record<R>(columns: readonly Column<R>[], row: R): string {
  return `{${members(Object.fromEntries(columns.map((column) => [column.name, column.cell(row)])))}}`;
}

function members(cells: Readonly<Record<string, Cell>>): string {
  return Object.entries(cells)
    .map(([name, cell]) => `"${name}": ${typeof cell === 'bigint' ? cell : JSON.stringify(cell)}`)
    .join(', ');
}
