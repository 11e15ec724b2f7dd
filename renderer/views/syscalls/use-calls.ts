import { useMemo, useState } from 'react';
import { type Band, type CallGrouping, type Calls, CallsMaker } from '../../derive/calls/index.ts';
import type { WindowSpan } from '../../derive/index.ts';
import { type ProbeColumns, type RangeNs, rangeOf, type Selection, windowsWithin } from '../../store/index.ts';
import type { StoreSnapshot } from '../../store/index.ts';

export interface ShownCalls {
  readonly range: RangeNs;
  readonly calls: Calls;
  /** The windows of as long a time just before the range. */
  readonly previous: WindowSpan;
}

/** What table and pictures are made from, for a snapshot and what is selected of it. */
export function useCalls(
  snapshot: StoreSnapshot,
  windows: ProbeColumns,
  selection: Selection,
  grouping: CallGrouping,
  band: Band,
): ShownCalls {
  const [maker] = useState(() => new CallsMaker());
  const { fromNs, toNs } = rangeOf(selection.range, snapshot);
  const range = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  const { first, end } = windowsWithin(windows, range);
  const span = useMemo(() => ({ first, end }), [first, end]);
  const before = windowsWithin(windows, { fromNs: fromNs - (toNs - fromNs), toNs: fromNs });
  const [beforeFirst, beforeEnd] = [before.first, Math.min(before.end, first)];
  const previous = useMemo(
    () => ({ first: beforeFirst, end: Math.max(beforeFirst, beforeEnd) }),
    [beforeFirst, beforeEnd],
  );
  const { tables } = snapshot;
  const calls = useMemo(
    () => maker.make({ windows, span, tables, filter: selection, grouping, band }),
    [maker, windows, span, tables, selection, grouping, band],
  );
  return { range, calls, previous };
}
