import type { Names, SelfTotal } from '../../derive/index.ts';
import type { GridSorting } from '../../widgets/grid.tsx';

export type Column = 'self' | 'total' | 'name' | 'module' | 'kind';

export type Sorting = GridSorting<Column>;

/** Numbers begin with the greatest, text with A. */
export function firstSorting(column: Column): Sorting {
  return { column, direction: column === 'self' || column === 'total' ? 'descending' : 'ascending' };
}

export function nextSorting(current: Sorting, column: Column): Sorting {
  if (current.column !== column) return firstSorting(column);
  return { column, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** Function ids in order; equals by name, so that no two updates show them differently. */
export function sortFunctions(ids: readonly number[], costs: SelfTotal, names: Names, sorting: Sorting): number[] {
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  const compare = comparison(costs, names, sorting.column);
  return [...ids].sort((a, b) => sign * compare(a, b) || compareText(names.name(a), names.name(b)) || a - b);
}

function comparison(costs: SelfTotal, names: Names, column: Column): (a: number, b: number) => number {
  switch (column) {
    case 'self':
      return (a, b) => costs.self[a]! - costs.self[b]! || costs.total[a]! - costs.total[b]!;
    case 'total':
      return (a, b) => costs.total[a]! - costs.total[b]! || costs.self[a]! - costs.self[b]!;
    case 'name':
      return (a, b) => compareText(names.name(a), names.name(b));
    case 'module':
      return (a, b) => compareText(names.module(a), names.module(b));
    case 'kind':
      return (a, b) => compareText(names.kind(a) ?? '', names.kind(b) ?? '');
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
