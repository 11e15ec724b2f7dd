/** Flow definitions as sonde.proto has them, from what a reader makes of them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { parseAddress } from './address.ts';
import { ColumnPacker } from './columns.ts';
import { FLOW_LISTS, type FlowList } from './flow-lists.ts';
import type { FlowRunSchema } from './generated/sonde_pb.ts';
import type { FlowDef, FlowDirection } from './signal.ts';

const DIRECTIONS: readonly FlowDirection[] = ['unknown', 'out', 'in', 'listening'];

/** Ids follow one another. */
export function flowRunOf(flows: readonly FlowDef[]): MessageInitShape<typeof FlowRunSchema> | undefined {
  const [first] = flows;
  if (!first) return undefined;
  const addresses = places(flows.flatMap((flow) => [flow.localAddress, flow.remoteAddress]).filter(Boolean));
  const namespaces = places(flows.map(({ netns }) => netns).filter((inode) => inode !== 0));
  const packed = (list: FlowList, of: (flow: FlowDef) => number) =>
    new Uint8Array(new ColumnPacker(flows.length).pack(flows.map(of), FLOW_LISTS[list]));
  return {
    first: first.id,
    count: flows.length,
    addresses: [...addresses.keys()].map((address) => Uint8Array.from(parseAddress(address) ?? [])),
    namespaces: [...namespaces.keys()].map(BigInt),
    kinds: packed('kinds', kindOf),
    localAddresses: packed('localAddresses', ({ localAddress }) => addresses.get(localAddress) ?? 0),
    remoteAddresses: packed('remoteAddresses', ({ remoteAddress }) => addresses.get(remoteAddress) ?? 0),
    localPorts: packed('localPorts', ({ localPort }) => localPort),
    remotePorts: packed('remotePorts', ({ remotePort }) => remotePort),
    netns: packed('netns', ({ netns }) => namespaces.get(netns) ?? 0),
    opened: packed('opened', ({ openedNs }) => openedNs),
  };
}

/** Each once, with its place + 1. */
function places<T>(all: readonly T[]): ReadonlyMap<T, number> {
  const found = new Map<T, number>();
  for (const each of all) if (!found.has(each)) found.set(each, found.size + 1);
  return found;
}

function kindOf({ protocol, direction, isOthers, isOwn }: FlowDef): number {
  const flags = (isOthers ? 1 : 0) + (isOwn ? 2 : 0);
  return DIRECTIONS.indexOf(direction) | (flags << 2) | (protocol << 4);
}
