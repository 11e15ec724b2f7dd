import type { Names, SelfTotal } from '../../derive/index.ts';

export const COLUMNS = ['self', 'total', 'name', 'module', 'kind'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly direction: 'ascending' | 'descending';
}

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

/** The old order as far as it goes: rows must not run away from under the pointer. New ones come last. */
export function keepOrder(held: readonly number[], fresh: readonly number[]): number[] {
  const left = new Set(fresh);
  const kept = held.filter((id) => left.delete(id));
  return [...kept, ...fresh.filter((id) => left.has(id))];
}

/** Remembers the order that was shown last. Asked the same twice it answers the same. */
export class HeldOrder {
  #ids: readonly number[] = [];
  #sorting: Sorting | null = null;

  next(sorted: readonly number[], sorting: Sorting, isHeld: boolean): readonly number[] {
    this.#ids = isHeld && sorting === this.#sorting ? keepOrder(this.#ids, sorted) : sorted;
    this.#sorting = sorting;
    return this.#ids;
  }
}
