import { useMemo, useState } from 'react';
import { type CallTreeOptions, type Profile, ProfileMaker, sampleColumns } from '../../derive/index.ts';
import { areSlots, type Ranges, slotLengthNs } from '../../derive/subsecond/index.ts';
import {
  isFixed,
  type ProbeColumns,
  rangeOf,
  rangesOf,
  type Selection,
  type StoreSnapshot,
  windowsWithin,
} from '../../store/index.ts';

/** What the pictures are made from, for a snapshot and what is selected of it. */
export function useProfile(
  snapshot: StoreSnapshot,
  windows: ProbeColumns,
  selection: Selection,
  options: CallTreeOptions,
  inverted: boolean,
): Profile {
  const [maker] = useState(() => new ProfileMaker());
  const ranges = useSlotRanges(selection.range);
  return useMemo(() => {
    const { tables, probes } = snapshot;
    const samples = sampleColumns(windows);
    const span = windowsWithin(samples, rangeOf(selection.range, snapshot));
    const slotNs = slotLengthNs(probes.get(windows.manifest.id)?.events ?? []);
    const within = ranges ? { ranges, slotNs } : null;
    return maker.make({ samples, tables, span, filter: selection, options, inverted, within });
  }, [maker, snapshot, windows, selection, ranges, options, inverted]);
}

/** Ranges that stand still and were chosen by slots. */
function useSlotRanges(range: Selection['range']): Ranges | null {
  return useMemo(() => {
    const ranges = isFixed(range) ? rangesOf(range, { firstNs: 0, lastNs: 0 }) : null;
    return ranges && areSlots(ranges) ? ranges : null;
  }, [range]);
}
