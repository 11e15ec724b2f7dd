import { useDeferredValue, useMemo, useState } from 'react';
import { type Calls, GroupNames } from '../../derive/calls/index.ts';
import { parseSearch } from '../../derive/index.ts';
import { matchesAny } from './matches-any.ts';
import { HeldOrder } from '../../widgets/held-order.ts';
import { type Sorting, sortGroups } from './columns.ts';

export interface Rows {
  /** Groups that match the search, in order. */
  readonly ids: readonly number[];
  readonly names: GroupNames;
  /** What the pictures show where no row is chosen; null = all. */
  readonly matching: ReadonlySet<number> | null;
  /** What is wrong with the search as a regular expression. */
  readonly invalid: string | null;
}

/** The table's rows: searched, sorted, and standing still while `isHeld`. */
export function useRows({ table, groups, tables }: Calls, search: string, sorting: Sorting, isHeld: boolean): Rows {
  const [order] = useState(() => new HeldOrder<Sorting>());
  // Typing stays quick while a long table is being searched.
  const settled = useDeferredValue(search);
  const term = useMemo(() => parseSearch(settled), [settled]);
  const names = useMemo(() => new GroupNames(groups, tables), [groups, tables]);
  const matched = useMemo(() => {
    if (!term) return table.present;
    return table.present.filter((group) => matchesAny(term, names.of(group)));
  }, [table, term, names]);
  const sorted = useMemo(() => sortGroups(matched, table, names, sorting), [matched, table, names, sorting]);
  const ids = useMemo(() => order.next(sorted, sorting, isHeld), [order, sorted, sorting, isHeld]);
  const matching = useMemo(() => (term ? new Set(matched) : null), [term, matched]);
  const invalid = term?.invalid ?? null;
  return useMemo(() => ({ ids, names, matching, invalid }), [ids, names, matching, invalid]);
}
