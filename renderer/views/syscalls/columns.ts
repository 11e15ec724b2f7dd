import type { CallTable, GroupNames } from '../../derive/calls/index.ts';
import type { GridColumn, GridSorting } from '../../widgets/grid.tsx';

export type Column =
  | 'name'
  | 'detail'
  | 'spark'
  | 'rate'
  | 'calls'
  | 'total'
  | 'p50'
  | 'p90'
  | 'p99'
  | 'max'
  | 'errors'
  | 'share';
export type Sorting = GridSorting<Column>;

export const FIRST_SORTING: Sorting = { column: 'rate', direction: 'descending' };

const ABOUT = 'Known to within its bucket, a power of two.';

/** Titles of the first two columns differ by grouping. */
export function columnsFor(name: string, detail: string): readonly GridColumn<Column>[] {
  return [
    { id: 'name', title: name },
    { id: 'detail', title: detail },
    { id: 'spark', title: 'Calls/s over time', sorts: false, help: 'Each row on a scale of its own' },
    { id: 'rate', title: 'Calls/s', help: 'Calls that returned, per second of the range' },
    { id: 'calls', title: 'Calls', help: 'Calls that returned in the range, exactly' },
    { id: 'total', title: 'Total time', help: 'Time between entry and return, added up; waiting included' },
    { id: 'p50', title: '≈ p50', help: `Half of the calls took at most this long. ${ABOUT}` },
    { id: 'p90', title: '≈ p90', help: `Nine of ten calls took at most this long. ${ABOUT}` },
    { id: 'p99', title: '≈ p99', help: `99 of 100 calls took at most this long. ${ABOUT}` },
    { id: 'max', title: 'Max', help: 'The longest call, exactly' },
    { id: 'errors', title: 'Errors/s', help: 'Calls that returned an error, per second of the range' },
    {
      id: 'share',
      title: 'Wall time',
      help: 'Total time as a share of the range; threads that wait side by side pass 100 %',
    },
  ];
}

export function nextSorting(current: Sorting, column: Column): Sorting {
  if (current.column !== column) {
    return { column, direction: column === 'name' || column === 'detail' ? 'ascending' : 'descending' };
  }
  return { column, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** Groups in order; equals by name, so that no two updates show them differently. What has no value comes last. */
export function sortGroups(
  groups: readonly number[],
  table: CallTable,
  names: GroupNames,
  { column, direction }: Sorting,
): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const byName = (a: number, b: number) =>
    compareText(names.of(a)[0], names.of(b)[0]) || compareText(names.of(a)[1], names.of(b)[1]) || a - b;
  if (column === 'name') return groups.toSorted((a, b) => sign * byName(a, b));
  if (column === 'detail') {
    return groups.toSorted((a, b) => sign * compareText(names.of(a)[1], names.of(b)[1]) || byName(a, b));
  }
  const values = valuesOf(table, column);
  const value = (group: number) => {
    const at = values[group]!;
    return Number.isNaN(at) ? Number.POSITIVE_INFINITY * sign : at;
  };
  return groups.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? byName(a, b) : sign * (x - y);
  });
}

function valuesOf(table: CallTable, column: Exclude<Column, 'name' | 'detail'>): Float64Array {
  switch (column) {
    case 'spark':
    case 'rate':
    case 'calls':
      return table.calls;
    case 'total':
    case 'share':
      return table.totalNs;
    case 'p50':
      return table.p50Ns;
    case 'p90':
      return table.p90Ns;
    case 'p99':
      return table.p99Ns;
    case 'max':
      return table.longestNs;
    case 'errors':
      return table.errors;
    default:
      return assertNever(column);
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function assertNever(column: never): never {
  throw new Error(`unknown column ${JSON.stringify(column)}`);
}
