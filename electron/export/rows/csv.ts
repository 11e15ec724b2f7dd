/** One table as comma-separated values: a line of names, then a line per row. */
import type { TableExporter } from '../exporters.ts';
import { cellsOf } from './column.ts';
import { csvLine } from './csv-line.ts';
import type { TableKind, TableOptions, TableSource } from './table-kind.ts';
import { WINDOW_COLUMNS } from './window-columns.ts';

export const csv: TableExporter = {
  of: 'tables',
  format: 'csv',
  title: 'One table, a line per row',
  extension: () => '.csv',
  pieces,
};

const windowCells = cellsOf(WINDOW_COLUMNS);

async function* pieces(
  kind: TableKind,
  source: TableSource,
  { table, perWindow }: Pick<TableOptions, 'table' | 'perWindow'>,
): AsyncGenerator<string> {
  const at = kind.tables.findIndex(({ name }) => name === table);
  const columns = [...(perWindow ? WINDOW_COLUMNS : []), ...(kind.tables[at]?.columns ?? [])];
  yield csvLine(columns.map(({ name }) => name));
  for await (const { window, rows } of source.sections) {
    const first = window ? windowCells(window) : [];
    for await (const some of rows[at] ?? []) yield some.map((cells) => csvLine([...first, ...cells])).join('');
  }
}
