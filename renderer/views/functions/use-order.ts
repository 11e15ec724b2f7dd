import { useMemo, useState } from 'react';
import type { Names, SelfTotal } from '../../derive/index.ts';
import { HeldOrder } from '../../widgets/held-order.ts';
import { type Sorting, sortFunctions } from './row-order.ts';

/** Sorted and searched functions; while `isHeld`, in the order of before. */
export function useOrder(
  costs: SelfTotal,
  names: Names,
  matches: ((id: number) => boolean) | null,
  sorting: Sorting,
  isHeld: boolean,
): readonly number[] {
  const [order] = useState(() => new HeldOrder<Sorting>());
  const sorted = useMemo(() => {
    const wanted = matches ? costs.present.filter(matches) : costs.present;
    return sortFunctions(wanted, costs, names, sorting);
  }, [costs, names, matches, sorting]);
  return useMemo(() => order.next(sorted, sorting, isHeld), [order, sorted, sorting, isHeld]);
}
