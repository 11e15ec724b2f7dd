import { useDeferredValue, useMemo, useState } from 'react';
import { type Events, EventsMaker, EventTexts } from '../../../derive/events/index.ts';
import { parseSearch } from '../../../derive/index.ts';
import { rangeOf, type Selection, type StoreSnapshot, windowsWithin } from '../../../store/index.ts';
import type { ProbeColumns } from '../../../store/index.ts';
import { type EventSorting, sortEvents } from './event-columns.ts';

export interface ShownEvents {
  readonly events: Events;
  /** Numbers of the calls that pass filter and search, in order. */
  readonly passed: readonly number[];
  readonly open: readonly number[];
  readonly isSearched: boolean;
}

/** The lines of a snapshot: filtered, searched, sorted. */
export function useEvents(
  snapshot: StoreSnapshot,
  windows: ProbeColumns,
  selection: Selection,
  search: string,
  sorting: EventSorting,
): ShownEvents {
  const [maker] = useState(() => new EventsMaker());
  const [texts] = useState(() => new EventTexts());
  const { tables } = snapshot;
  const { first, end } = windowsWithin(windows, rangeOf(selection.range, snapshot));
  const events = useMemo(
    () => maker.make({ windows, span: { first, end }, tables, filter: selection }),
    [maker, windows, first, end, tables, selection],
  );
  // Typing stays quick while a long list is being searched.
  const settled = useDeferredValue(search);
  const term = useMemo(() => parseSearch(settled), [settled]);
  const { columns, list } = events;
  const matches = useMemo(() => {
    if (!term) return null;
    return (event: number) => term.expression.test(texts.of(columns, tables, list.rowOf[event]!));
  }, [term, texts, columns, tables, list]);
  const passed = useMemo(() => {
    const matched = matches ? list.passed.filter(matches) : list.passed;
    return sortEvents(matched, columns, list, sorting);
  }, [list, columns, matches, sorting]);
  const open = useMemo(() => (matches ? list.open.filter(matches) : list.open), [list, matches]);
  return { events, passed, open, isSearched: term !== null };
}
