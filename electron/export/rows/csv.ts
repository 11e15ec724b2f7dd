/** One table as comma-separated values: a line of names, then a line per row. */
import type { TableExporter } from '../exporters.ts';
import { csvLine } from './csv-line.ts';
import { tableLines } from './table-lines.ts';

export const csv: TableExporter = {
  of: 'tables',
  format: 'csv',
  title: 'One table, a line per row',
  extension: () => '.csv',
  pieces: tableLines((columns) => ({ head: csvLine(columns.map(({ name }) => name)), line: csvLine })),
};
