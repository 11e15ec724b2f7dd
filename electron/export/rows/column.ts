/** Rows with named columns: the names are a contract with scripts, added to and never changed. */

/** bigint: a whole number that a double may not hold. null: not known. */
export type Cell = string | number | bigint | null;

export interface ColumnHead {
  readonly name: string;
  readonly unit?: string;
  /** Without it: whole numbers. */
  readonly isText?: true;
  readonly help: string;
}

export interface Column<R> extends ColumnHead {
  readonly cell: (row: R) => Cell;
}

export function cellsOf<R>(columns: readonly Column<R>[]): (row: R) => Cell[] {
  return (row) => columns.map(({ cell }) => cell(row));
}

/** By the device's clock, UTC; '' where it is not known. */
export function isoTime(realtimeMs: number | null): string {
  return realtimeMs === null ? '' : new Date(realtimeMs).toISOString();
}
