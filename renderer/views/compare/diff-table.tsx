import { useMemo, useState } from 'react';
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { Grid, type GridColumn, type GridSorting } from '../../widgets/grid.tsx';
import './diff-table.css';

/** `n-…` are numbers and stand flush right, `t-…` texts. */
type ColumnId = `n-${string}` | `t-${string}`;

export interface DiffColumn<Row> extends GridColumn<ColumnId> {
  /** As a grid track. */
  readonly width: string;
  /** Numbers that are NaN come last, whichever way is up. */
  readonly order: (row: Row) => number | string;
  readonly cell: (row: Row) => ReactNode;
  /** What is cut off, in full. */
  readonly full?: (row: Row) => string;
}

export interface DiffTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly DiffColumn<Row>[];
  readonly first: GridSorting<ColumnId>;
  readonly active: Row | null;
  readonly onActive: (row: Row) => void;
  readonly onOpen?: (row: Row) => void;
  readonly onKey?: (event: KeyboardEvent, row: Row | null, sorted: readonly Row[]) => void;
}

/** Rows of two sides: sorted, of any length. */
export function DiffTable<Row>(props: DiffTableProps<Row>) {
  const { rows, columns, active, onActive, onOpen } = props;
  const [sorting, setSorting] = useState(props.first);
  const ids = useMemo(() => {
    const column = columns.find(({ id }) => id === sorting.column) ?? columns[0]!;
    return sortedIds(rows, column.order, sorting.direction);
  }, [rows, columns, sorting]);
  const at = active === null ? -1 : rows.indexOf(active);
  return (
    <div className="compare-table" style={{ '--compare-columns': tracks(columns) } as CSSProperties}>
      <Grid
        label={props.label}
        name="compare-grid"
        columns={columns}
        sorting={sorting}
        onSort={(column) => setSorting(nextSorting(sorting, column))}
        ids={ids}
        active={at < 0 ? null : at}
        onActive={(id) => onActive(rows[id]!)}
        onHold={() => {}}
        onKey={(event, id) => {
          const sorted = ids.map((each) => rows[each]!);
          if (event.key === 'Enter' && id !== null) onOpen?.(rows[id]!);
          else props.onKey?.(event, id === null ? null : rows[id]!, sorted);
        }}
        onOpen={(id) => onOpen?.(rows[id]!)}
        renderCells={(id) =>
          columns.map((column) => (
            <div
              key={column.id}
              role="gridcell"
              className={`compare-grid-${column.id} ${column.id.startsWith('n-') ? 'grid-number' : 'grid-text'}`}
              title={column.full?.(rows[id]!)}
            >
              {column.cell(rows[id]!)}
            </div>
          ))
        }
      />
    </div>
  );
}

function tracks<Row>(columns: readonly DiffColumn<Row>[]): string {
  return columns.map(({ width }) => width).join(' ');
}

function nextSorting(current: GridSorting<ColumnId>, column: ColumnId): GridSorting<ColumnId> {
  if (current.column === column)
    return { column, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
  return { column, direction: column.startsWith('n-') ? 'descending' : 'ascending' };
}

/** Places in `rows`, in order; a stable sort. */
export function sortedIds<Row>(
  rows: readonly Row[],
  order: (row: Row) => number | string,
  direction: 'ascending' | 'descending',
): readonly number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const values = rows.map(order);
  return rows.map((_, id) => id).sort((a, b) => compare(values[a]!, values[b]!, sign));
}

function compare(a: number | string, b: number | string, sign: number): number {
  const [noA, noB] = [Number.isNaN(a), Number.isNaN(b)];
  if (noA || noB) return Number(noA) - Number(noB);
  if (a === b) return 0;
  return a < b ? -sign : sign;
}
