import { useMemo, useState } from 'react';
import { type CallTreeOptions, type Profile, ProfileMaker, sampleColumns } from '../../derive/index.ts';
import { type ProbeColumns, rangeOf, type Selection, type StoreSnapshot, windowsWithin } from '../../store/index.ts';

/** What the pictures are made from, for a snapshot and what is selected of it. */
export function useProfile(
  snapshot: StoreSnapshot,
  windows: ProbeColumns,
  selection: Selection,
  options: CallTreeOptions,
  inverted: boolean,
): Profile {
  const [maker] = useState(() => new ProfileMaker());
  return useMemo(() => {
    const { tables } = snapshot;
    const samples = sampleColumns(windows);
    const span = windowsWithin(samples, rangeOf(selection.range, snapshot));
    return maker.make({ samples, tables, span, filter: selection, options, inverted });
  }, [maker, snapshot, windows, selection, options, inverted]);
}
