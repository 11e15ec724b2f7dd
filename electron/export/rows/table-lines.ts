/** One table, a line per row. */
import type { TableExporter } from '../exporters.ts';
import { type Cell, cellsOf, type ColumnHead } from './column.ts';
import { WINDOW_COLUMNS } from './window-columns.ts';

/** What lines of these columns look like; each ends itself. */
export interface LineForm {
  /** Before all others; '' = none. */
  readonly head: string;
  readonly line: (cells: readonly Cell[]) => string;
}

const windowCells = cellsOf(WINDOW_COLUMNS);

export function tableLines(formOf: (columns: readonly ColumnHead[]) => LineForm): TableExporter['pieces'] {
  return async function* pieces(kind, source, { table, perWindow }) {
    const at = kind.tables.findIndex(({ name }) => name === table);
    const { head, line } = formOf([...(perWindow ? WINDOW_COLUMNS : []), ...(kind.tables[at]?.columns ?? [])]);
    if (head !== '') yield head;
    for await (const { window, rows } of source.sections) {
      const first = window ? windowCells(window) : [];
      for await (const some of rows[at] ?? []) yield some.map((cells) => line([...first, ...cells])).join('');
    }
  };
}
