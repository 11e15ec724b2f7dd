/** One table as JSON lines: an object per row, with the names of the columns. Whole numbers are written out in full. */
import type { TableExporter } from '../exporters.ts';
import { recordOf } from './json.ts';
import { tableLines } from './table-lines.ts';

export const jsonl: TableExporter = {
  of: 'tables',
  format: 'jsonl',
  title: 'One table, a JSON object per line',
  extension: () => '.jsonl',
  pieces: tableLines((columns) => {
    const record = recordOf(columns);
    return { head: '', line: (cells) => `{${record(cells)}}\n` };
  }),
};
