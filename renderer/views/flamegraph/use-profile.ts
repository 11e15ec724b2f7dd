import { useMemo, useState } from 'react';
import { type CallTreeOptions, type Profile, ProfileMaker } from '../../derive/index.ts';
import { rangeOf, type Selection, type StoreSnapshot, windowsWithin } from '../../store/index.ts';

/** What the pictures are made from, for a snapshot and what is selected of it. */
export function useProfile(
  snapshot: StoreSnapshot,
  selection: Selection,
  options: CallTreeOptions,
  inverted: boolean,
): Profile {
  const [maker] = useState(() => new ProfileMaker());
  return useMemo(() => {
    const { samples, tables } = snapshot;
    const span = windowsWithin(samples, rangeOf(selection.range, snapshot));
    return maker.make({ samples, tables, span, filter: selection, options, inverted });
  }, [maker, snapshot, selection, options, inverted]);
}
