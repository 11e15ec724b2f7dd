/** New flows and names of addresses through the door: lists of one length, indices that exist, canonical address text. */
import { addressText, IPV4_LENGTH, IPV6_LENGTH } from './address.ts';
import { unpackColumn } from './columns.ts';
import { exactNumber, refuse } from './doors.ts';
import { FLOW_LIST_NAMES, FLOW_LISTS, FLOW_OTHERS, FLOW_OWN, type FlowList } from './flow-lists.ts';
import type { AddressName, FlowRun } from './generated/sonde_pb.ts';
import { MAX_ADDRESS_NAMES, MAX_FLOWS, MAX_FLOWS_AT_ONCE, MAX_TIME_NS, TEXT } from './limits.ts';
import type * as signal from './signal.ts';
import { deviceText } from './text.ts';

const DIRECTIONS: readonly signal.FlowDirection[] = ['unknown', 'out', 'in', 'listening'];
const MAX_PORT = 0xffff;
/** Protocols are bytes. */
const MAX_KIND = 0xfff;

/** `size`: the highest id before. Those in between were lost; nobody has to know of them. */
export function decodeFlows(run: FlowRun | undefined, size: number): signal.FlowDef[] {
  if (!run || run.count === 0) return [];
  const { first, count } = run;
  if (count > MAX_FLOWS_AT_ONCE) refuse(`${count} flows at once`);
  if (first <= size || first + count - 1 > MAX_FLOWS) refuse(`flow ids start at ${first} after ${size}`);
  const lists = unpackLists(run);
  const ends = new Ends(run.addresses);
  const namespaces = [0, ...run.namespaces.map((inode) => exactNumber(inode, 'a network namespace'))];
  bound(lists.kinds, MAX_KIND, 'kind');
  bound(lists.localAddresses, run.addresses.length, 'local address');
  bound(lists.remoteAddresses, run.addresses.length, 'remote address');
  bound(lists.localPorts, MAX_PORT, 'local port');
  bound(lists.remotePorts, MAX_PORT, 'remote port');
  bound(lists.netns, run.namespaces.length, 'namespace');
  bound(lists.opened, Number(MAX_TIME_NS), 'time');
  return Array.from({ length: count }, (_, i) => ({
    id: first + i,
    ...kindOf(lists.kinds[i] ?? 0),
    ...ends.of(lists.localAddresses[i] ?? 0, lists.remoteAddresses[i] ?? 0),
    localPort: lists.localPorts[i] ?? 0,
    remotePort: lists.remotePorts[i] ?? 0,
    netns: namespaces[lists.netns[i] ?? 0] ?? 0,
    openedNs: lists.opened[i] ?? 0,
  }));
}

export function decodeAddressNames(names: readonly AddressName[]): signal.AddressName[] {
  // All may have changed at once: as many go as come.
  if (names.length > 2 * MAX_ADDRESS_NAMES) refuse(`${names.length} names of addresses`);
  return names.map(({ address, name }) => {
    checkLength(address);
    return { address: addressText(address), name: deviceText(name, TEXT.hostName), source: 'hosts' };
  });
}

function unpackLists(run: FlowRun): Readonly<Record<FlowList, Float64Array>> {
  const entries = FLOW_LIST_NAMES.map((name) => {
    const list = new Float64Array(run.count);
    if (!unpackColumn(run[name], FLOW_LISTS[name], list)) refuse(`list ${name} does not hold ${run.count} flows`);
    return [name, list] as const;
  });
  return Object.fromEntries(entries) as Record<FlowList, Float64Array>;
}

function bound(values: Float64Array, most: number, what: string): void {
  for (const value of values) if (value > most) refuse(`a flow has ${what} ${value} of ${most}`);
}

function kindOf(kind: number): Pick<signal.FlowDef, 'protocol' | 'direction' | 'isOthers' | 'isOwn'> {
  return {
    protocol: kind >> 4,
    direction: DIRECTIONS[kind & 3] ?? 'unknown',
    isOthers: ((kind >> 2) & FLOW_OTHERS) !== 0,
    isOwn: ((kind >> 2) & FLOW_OWN) !== 0,
  };
}

/** The addresses of one run as text, each once. */
class Ends {
  private readonly texts: readonly string[];
  private readonly lengths: readonly number[];

  constructor(addresses: readonly Uint8Array[]) {
    for (const address of addresses) checkLength(address);
    this.texts = ['', ...addresses.map(addressText)];
    this.lengths = [0, ...addresses.map(({ length }) => length)];
  }

  of(local: number, remote: number): Pick<signal.FlowDef, 'family' | 'localAddress' | 'remoteAddress'> {
    const length = this.lengths[local || remote] ?? 0;
    if (local !== 0 && remote !== 0 && this.lengths[remote] !== length) refuse('a flow between IPv4 and IPv6');
    return {
      family: length === IPV4_LENGTH ? 4 : length === IPV6_LENGTH ? 6 : 0,
      localAddress: this.texts[local] ?? '',
      remoteAddress: this.texts[remote] ?? '',
    };
  }
}

function checkLength(address: Uint8Array): void {
  if (address.length !== IPV4_LENGTH && address.length !== IPV6_LENGTH) refuse(`an address of ${address.length} bytes`);
}
