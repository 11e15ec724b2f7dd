/** System calls as tables: per process and call, and there per error. */
import type { ExportTable } from '../../bridge/contract.ts';
import { cellsOf } from '../rows/column.ts';
import { totalSource, windowSource } from '../rows/sources.ts';
import { piecesOf, type RowPieces, type TableKind } from '../rows/table-kind.ts';
import type { Tables } from '../tables.ts';
import { CALL_COLUMNS, callRows, ERROR_COLUMNS, errorRows } from './call-columns.ts';
import { type CallEntry, CallTable } from './call-table.ts';
import { CallCollector, CALLS_PROBE } from './collect-calls.ts';

export const callsKind: TableKind = {
  probe: CALLS_PROBE,
  format: 'sonde-calls',
  suffix: 'calls',
  tables: [
    { name: 'calls', help: 'a row per process and call', columns: CALL_COLUMNS },
    { name: 'errors', help: 'a row per process, call and error', columns: ERROR_COLUMNS },
  ],
  hasWindows: true,
  open(batches, options) {
    const { filter, table, perWindow } = options;
    const counts = { calls: 0, rows: 0 };
    if (perWindow)
      return windowSource(batches(), options, CALLS_PROBE, counts, (window, { tables }) => {
        const calls = new CallTable();
        calls.take(window, tables, filter);
        return tablesOf(calls.entries, tables, table, counts);
      });
    return totalSource(
      batches(),
      options,
      (about) => new CallCollector(about, filter),
      counts,
      ({ entries, tables }) => tablesOf(entries, tables, table, counts),
    );
  },
};

const callCells = cellsOf(CALL_COLUMNS);
const errorCells = cellsOf(ERROR_COLUMNS);

/** `counts` is of the table that was asked for. */
function tablesOf(
  entries: readonly CallEntry[],
  tables: Tables,
  wanted: ExportTable,
  counts: { calls: number; rows: number },
): RowPieces[] {
  const [calls, errors] = [callRows(entries, tables), errorRows(entries, tables)];
  for (const { stats } of entries) counts.calls += stats.calls;
  counts.rows += wanted === 'errors' ? errors.length : calls.length;
  return [piecesOf(calls, callCells), piecesOf(errors, errorCells)];
}
