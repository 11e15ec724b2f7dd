/** System calls as one table of comma-separated values: a line of names, then a line per row. */
import {
  CALL_COLUMNS,
  type CallRow,
  callRows,
  type CallTableName,
  type Cell,
  type Column,
  ERROR_COLUMNS,
  type ErrorRow,
  errorRows,
} from './call-rows.ts';
import type { CallEntry } from './call-table.ts';
import type { CallWindow, CollectedCalls } from './collect-calls.ts';
import { csvLine } from './csv.ts';
import type { CallsExporter } from './exporters.ts';
import { SLOW_COLUMNS } from './slow-columns.ts';
import type { SlowExport } from './slow-export.ts';
import type { Tables } from './tables.ts';

/** Lines per piece. */
const BATCH = 1000;

/** In front of the others where there is a row per window. */
export const WINDOW_COLUMNS: readonly Column<CallWindow>[] = [
  {
    name: 'time',
    help: "start of the window by the device's clock, UTC",
    cell: ({ realtimeMs }) => isoTime(realtimeMs),
  },
  { name: 'from_ns', help: 'start of the window, device CLOCK_MONOTONIC', cell: ({ fromNs }) => fromNs },
  { name: 'to_ns', help: 'end of the window', cell: ({ toNs }) => toNs },
];

export const callsCsv: CallsExporter = {
  of: 'calls',
  format: 'csv',
  title: 'System calls as a table, a row per process and call',
  extension: '.csv',
  pieces,
  windowPieces,
  slowPieces,
};

function* pieces({ entries, tables }: CollectedCalls, table: CallTableName): Generator<string, void, void> {
  yield csvLine(names(columnsOf(table)));
  yield* lines(cellsOf(entries, tables, table), []);
}

async function* windowPieces(windows: AsyncIterable<CallWindow>, table: CallTableName): AsyncGenerator<string> {
  yield csvLine([...names(WINDOW_COLUMNS), ...names(columnsOf(table))]);
  for await (const window of windows) {
    const when = WINDOW_COLUMNS.map(({ cell }) => cell(window));
    yield* lines(cellsOf(window.entries, window.tables, table), when);
  }
}

async function* slowPieces({ rows }: SlowExport): AsyncGenerator<string> {
  yield csvLine(names(SLOW_COLUMNS));
  for await (const some of rows)
    yield* lines(
      some.map((row) => SLOW_COLUMNS.map(({ cell }) => cell(row))),
      [],
    );
}

function* lines(rows: readonly Cell[][], first: readonly Cell[]): Generator<string, void, void> {
  for (let at = 0; at < rows.length; at += BATCH)
    yield rows
      .slice(at, at + BATCH)
      .map((cells) => csvLine([...first, ...cells]))
      .join('');
}

function cellsOf(entries: readonly CallEntry[], tables: Tables, table: CallTableName): Cell[][] {
  return table === 'calls'
    ? callRows(entries, tables).map((row: CallRow) => CALL_COLUMNS.map(({ cell }) => cell(row)))
    : errorRows(entries, tables).map((row: ErrorRow) => ERROR_COLUMNS.map(({ cell }) => cell(row)));
}

function columnsOf(table: CallTableName): readonly { readonly name: string }[] {
  return table === 'calls' ? CALL_COLUMNS : ERROR_COLUMNS;
}

function names(columns: readonly { readonly name: string }[]): string[] {
  return columns.map(({ name }) => name);
}

/** '' where it is not known. */
export function isoTime(realtimeMs: number | null): string {
  return realtimeMs === null ? '' : new Date(realtimeMs).toISOString();
}
