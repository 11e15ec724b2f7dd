import { useMemo, useState } from 'react';
import type { FlowsOfRange } from '../../derive/flows/index.ts';
import { HeldOrder } from '../../widgets/held-order.ts';
import { type Sorting, sortFlows } from './table/columns.ts';

/** Ids of the shown flows in order, standing still while `isHeld`. */
export function useFlowRows({ world, list }: FlowsOfRange, sorting: Sorting, isHeld: boolean): readonly number[] {
  const [order] = useState(() => new HeldOrder<Sorting>());
  const sorted = useMemo(() => sortFlows(world, list.shown, sorting), [world, list, sorting]);
  return useMemo(() => order.next(sorted, sorting, isHeld), [order, sorted, sorting, isHeld]);
}
