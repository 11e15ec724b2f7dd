import { useDeferredValue, useMemo, useState } from 'react';
import { DnsBook, type DnsSeenSoFar } from '../../derive/flows/dns/index.ts';
import {
  type AddressNames,
  type FlowFilter,
  type FlowsOfRange,
  FlowsMaker,
  parseFilter,
} from '../../derive/flows/index.ts';
import { type ProbeColumns, type RangeNs, rangeOf, type Selection, windowsWithin } from '../../store/index.ts';
import type { StoreSnapshot, Tables } from '../../store/index.ts';

export interface ShownNetwork {
  readonly range: RangeNs;
  readonly filter: FlowFilter;
  readonly flows: FlowsOfRange;
  readonly dns: DnsSeenSoFar;
}

/** What tables and pictures are made from, for a snapshot and what is selected of it. */
export function useNetwork(
  snapshot: StoreSnapshot,
  windows: ProbeColumns,
  dnsWindows: ProbeColumns | null,
  selection: Selection,
  filterText: string,
  hidesOwn: boolean,
): ShownNetwork {
  const [maker] = useState(() => new FlowsMaker());
  const [book] = useState(() => new DnsBook());
  const { tables } = snapshot;
  const { fromNs, toNs } = rangeOf(selection.range, snapshot);
  const range = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  const { first, end } = windowsWithin(windows, range);
  // Typing stays quick while thousands of flows are asked.
  const settled = useDeferredValue(filterText);
  const filter = useMemo(() => parseFilter(settled), [settled]);
  const dns = useMemo(() => (dnsWindows ? book.update(dnsWindows, tables) : NOTHING_ASKED), [book, dnsWindows, tables]);
  const names = useMemo(() => namesOf(tables, dns), [tables, dns]);
  const { process, container } = selection;
  const flows = useMemo(
    () => maker.make({ windows, span: { first, end }, tables, names, process, container, filter, hidesOwn }),
    [maker, windows, first, end, tables, names, process, container, filter, hidesOwn],
  );
  return { range, filter, flows, dns };
}

const NOTHING_ASKED: DnsSeenSoFar = { exchanges: [], firstNumber: 0, names: new Map() };

/** What the device wrote down for itself comes before what it was told. */
function namesOf({ addressNames }: Tables, { names }: DnsSeenSoFar): AddressNames {
  return (address) => addressNames.get(address)?.name || (names.get(address) ?? '');
}
