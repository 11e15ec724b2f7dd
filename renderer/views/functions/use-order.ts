import { useMemo, useRef } from 'react';
import type { Names, SelfTotal } from '../../derive/index.ts';
import { keepOrder, type Sorting, sortFunctions } from './row-order.ts';

/** Sorted and searched functions; while `isHeld`, in the order of before. */
export function useOrder(
  costs: SelfTotal,
  names: Names,
  matches: ((id: number) => boolean) | null,
  sorting: Sorting,
  isHeld: boolean,
): readonly number[] {
  const last = useRef<{ readonly sorting: Sorting; readonly ids: readonly number[] } | null>(null);
  const sorted = useMemo(() => {
    const wanted = matches ? costs.present.filter(matches) : costs.present;
    return sortFunctions(wanted, costs, names, sorting);
  }, [costs, names, matches, sorting]);
  const held = last.current;
  const ids = useMemo(
    () => (isHeld && held?.sorting === sorting ? keepOrder(held.ids, sorted) : sorted),
    [sorted, isHeld, held, sorting],
  );
  last.current = held?.ids === ids && held.sorting === sorting ? held : { sorting, ids };
  return ids;
}
