import type { ErrorRow } from '../../derive/calls/index.ts';
import type { GridColumn, GridSorting } from '../../widgets/grid.tsx';

export type ErrorColumn = 'call' | 'errno' | 'meaning' | 'process' | 'rate' | 'calls' | 'share';
export type ErrorSorting = GridSorting<ErrorColumn>;

export const ERROR_COLUMNS: readonly GridColumn<ErrorColumn>[] = [
  { id: 'call', title: 'System call' },
  { id: 'errno', title: 'Error' },
  { id: 'meaning', title: 'Meaning' },
  { id: 'process', title: 'Process' },
  { id: 'rate', title: 'Errors/s', help: 'Calls that returned this error, per second of the range' },
  { id: 'calls', title: 'Errors', help: 'Calls that returned this error, exactly' },
  { id: 'share', title: 'Of its calls', help: 'How many of this call by this process ended so' },
];

export type ErrorTexts = Readonly<Record<'call' | 'errno' | 'meaning' | 'process', string>>;

export interface NamedError {
  readonly row: ErrorRow;
  readonly texts: ErrorTexts;
}

export function nextErrorSorting(current: ErrorSorting, column: ErrorColumn): ErrorSorting {
  if (current.column === column)
    return { column, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
  const isNumber = column === 'rate' || column === 'calls' || column === 'share';
  return { column, direction: isNumber ? 'descending' : 'ascending' };
}

/** Equals stay in the order they came in: most frequent first. */
export function sortErrors(errors: readonly NamedError[], { column, direction }: ErrorSorting): NamedError[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return errors.toSorted((a, b) => sign * compare(a, b, column));
}

function compare(a: NamedError, b: NamedError, column: ErrorColumn): number {
  switch (column) {
    case 'rate':
    case 'calls':
      return a.row.calls - b.row.calls;
    case 'share':
      return a.row.calls / a.row.ofCalls - b.row.calls / b.row.ofCalls;
    default: {
      const [x, y] = [a.texts[column], b.texts[column]];
      return x === y ? 0 : x < y ? -1 : 1;
    }
  }
}
