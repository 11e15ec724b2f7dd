/** One table as JSON lines: an object per row, with the names of the columns. Whole numbers are written out in full. */
import type { TableExporter } from '../exporters.ts';
import { cellsOf } from './column.ts';
import { recordOf } from './json.ts';
import type { TableKind, TableOptions, TableSource } from './table-kind.ts';
import { WINDOW_COLUMNS } from './window-columns.ts';

export const jsonl: TableExporter = {
  of: 'tables',
  format: 'jsonl',
  title: 'One table, a JSON object per line',
  extension: () => '.jsonl',
  pieces,
};

const windowCells = cellsOf(WINDOW_COLUMNS);

async function* pieces(
  kind: TableKind,
  source: TableSource,
  { table, perWindow }: Pick<TableOptions, 'table' | 'perWindow'>,
): AsyncGenerator<string> {
  const at = kind.tables.findIndex(({ name }) => name === table);
  const record = recordOf([...(perWindow ? WINDOW_COLUMNS : []), ...(kind.tables[at]?.columns ?? [])]);
  for await (const { window, rows } of source.sections) {
    const first = window ? windowCells(window) : [];
    for await (const some of rows[at] ?? []) yield some.map((cells) => `{${record([...first, ...cells])}}\n`).join('');
  }
}
