import { subnetOf } from './filter/index.ts';
import type { FlowList } from './flow-list.ts';
import type { FlowWorld } from './flow-world.ts';
import { type Health, healthOf, type Vitals } from './health.ts';
import { hasFailed } from './moments.ts';

export const REMOTE_GROUPINGS = ['name', 'address', 'subnet'] as const;
/** What stands for a remote end: its name where it has one, its address, or the network it lies in. */
export type RemoteGrouping = (typeof REMOTE_GROUPINGS)[number];

/** Processes on the left, remote ends on the right, and what goes between them. */
export interface FlowMap {
  readonly left: readonly MapNode[];
  readonly right: readonly MapNode[];
  /** Greatest first. */
  readonly links: readonly MapLink[];
  readonly bytes: number;
}

export interface MapNode {
  readonly text: string;
  /** What it is known by from one picture to the next; OTHERS = all that are too small to be shown by themselves. */
  readonly key: string;
  /** How many it stands for: 1, but for the others. */
  readonly members: number;
  readonly bytes: number;
  readonly flows: number;
}

export interface MapLink extends Vitals {
  /** Numbers of nodes. */
  readonly left: number;
  readonly right: number;
  readonly sent: number;
  readonly received: number;
  readonly health: Health;
}

export const OTHERS = '';

interface Group {
  readonly key: string;
  readonly text: string;
  bytes: number;
  flows: number;
}

/** `most`: nodes on each side, the others included. Listening sockets talk to nobody and are left out. */
export function flowMap(world: FlowWorld, { shown }: FlowList, grouping: RemoteGrouping, most: number): FlowMap {
  const talking = shown.filter((place) => world.def(place)?.direction !== 'listening');
  const sides = [new Map<string, Group>(), new Map<string, Group>()] as const;
  const ends = talking.map((place) => {
    const bytes = world.totals.sent[place]! + world.totals.received[place]!;
    const owner = world.owner(place);
    const remote = remoteOf(world, place, grouping);
    return [addTo(sides[0], String(owner.process), owner.name, bytes), addTo(sides[1], remote, remote, bytes)] as const;
  });
  const [left, right] = [nodesOf(sides[0], most, 'processes'), nodesOf(sides[1], most, 'remote ends')];
  const links = linksOf(world, talking, (at) => [left.numberOf(ends[at]![0].key), right.numberOf(ends[at]![1].key)]);
  return { left: left.nodes, right: right.nodes, links, bytes: links.reduce((sum, each) => sum + bytesOf(each), 0) };
}

export function bytesOf({ sent, received }: Pick<MapLink, 'sent' | 'received'>): number {
  return sent + received;
}

/** What the remote end of a flow is called on the map. */
export function remoteOf(world: FlowWorld, place: number, grouping: RemoteGrouping): string {
  const { remoteAddress, local } = world.text(place);
  if (remoteAddress === '') return local;
  if (grouping === 'subnet') return subnetOf(remoteAddress);
  return (grouping === 'name' && world.nameOf(remoteAddress)) || remoteAddress;
}

function addTo(groups: Map<string, Group>, key: string, text: string, bytes: number): Group {
  let group = groups.get(key);
  if (!group) groups.set(key, (group = { key, text, bytes: 0, flows: 0 }));
  group.bytes += bytes;
  group.flows++;
  return group;
}

/** The greatest by themselves, the rest as one. Equals by name, so that two updates do not swap them. */
function nodesOf(groups: ReadonlyMap<string, Group>, most: number, plural: string) {
  const ordered = [...groups.values()].sort(
    (a, b) => b.bytes - a.bytes || b.flows - a.flows || (a.key < b.key ? -1 : 1),
  );
  const kept = ordered.length <= most ? ordered : ordered.slice(0, most - 1);
  const rest = ordered.slice(kept.length);
  const nodes: MapNode[] = kept.map((group) => ({ ...group, members: 1 }));
  if (rest.length > 0) {
    const sum = (value: (group: Group) => number) => rest.reduce((total, group) => total + value(group), 0);
    const text = `${rest.length} other ${plural}`;
    nodes.push({
      key: OTHERS,
      text,
      members: rest.length,
      bytes: sum(({ bytes }) => bytes),
      flows: sum(({ flows }) => flows),
    });
  }
  const numbers = new Map(kept.map(({ key }, number) => [key, number]));
  return { nodes, numberOf: (key: string) => numbers.get(key) ?? nodes.length - 1 };
}

type Sums = { -readonly [Key in keyof Vitals]: number } & {
  left: number;
  right: number;
  sent: number;
  received: number;
};

function linksOf(
  world: FlowWorld,
  places: readonly number[],
  nodesAt: (at: number) => readonly [left: number, right: number],
): MapLink[] {
  const { totals } = world;
  const links = new Map<number, Sums>();
  for (const [at, place] of places.entries()) {
    const [left, right] = nodesAt(at);
    const key = left * 65_536 + right;
    let link = links.get(key);
    if (!link) links.set(key, (link = emptyLink(left, right)));
    link.sent += totals.sent[place]!;
    link.received += totals.received[place]!;
    link.packetsSent += totals.packetsSent[place]!;
    link.retransmits += totals.retransmits[place]!;
    link.resets += totals.resets[place]!;
    link.failures += hasFailed(world, place) ? 1 : 0;
    link.rttNs = Math.max(link.rttNs, totals.rttNs[place]!);
    link.flows++;
  }
  return [...links.values()]
    .map((link) => ({ ...link, health: healthOf(link) }))
    .sort((a, b) => bytesOf(b) - bytesOf(a) || a.left - b.left || a.right - b.right);
}

function emptyLink(left: number, right: number): Sums {
  return {
    left,
    right,
    sent: 0,
    received: 0,
    packetsSent: 0,
    retransmits: 0,
    resets: 0,
    failures: 0,
    flows: 0,
    rttNs: 0,
  };
}
