import { hasFailedToConnect, TCP_STATE } from '../../../remote-agent/protocol/network/index.ts';
import type { FlowList } from './flow-list.ts';
import type { FlowWorld } from './flow-world.ts';

/** Something that happened to a flow, or a socket that waits for it to happen. */
export interface Moment {
  /** The same from one update to the next. */
  readonly id: number;
  readonly kind: MomentKind;
  /** Place of the flow. */
  readonly place: number;
  /** 0: a socket that was listening before anybody watched; it comes first. */
  readonly atNs: number;
  /** A connect: SYN to established. A close: how long it was open. A failure: how long it was tried. 0 = not known. */
  readonly durationNs: number;
}

export const MOMENT_KINDS = ['connect', 'accept', 'fail', 'close', 'reset', 'listen'] as const;
export type MomentKind = (typeof MOMENT_KINDS)[number];

/** More than anybody can look through; the newest are kept. */
export const MOST_MOMENTS = 20_000;
const IDS_PER_FLOW = 4;
const PROTOCOL_TCP = 6;

/** Of a range, oldest first. */
export interface Moments {
  readonly list: readonly Moment[];
  /** Older ones of the range, more than fit. */
  readonly leftOut: number;
}

/** What happened to the shown flows between two times. */
export function momentsOf(
  world: FlowWorld,
  { shown }: FlowList,
  range: { readonly fromNs: number; readonly toNs: number },
): Moments {
  const found: Moment[] = [];
  for (const place of shown) {
    for (const moment of momentsOfFlow(world, place)) {
      const isWaiting = moment.kind === 'listen' && moment.atNs < range.fromNs;
      if (isWaiting || (moment.atNs >= range.fromNs && moment.atNs <= range.toNs)) found.push(moment);
    }
  }
  found.sort((a, b) => a.atNs - b.atNs || a.id - b.id);
  return { list: found.slice(-MOST_MOMENTS), leftOut: Math.max(0, found.length - MOST_MOMENTS) };
}

function momentsOfFlow(world: FlowWorld, place: number): Moment[] {
  const { totals } = world;
  const def = world.def(place);
  if (!def || def.isOthers) return [];
  const id = totals.flow[place]! * IDS_PER_FLOW;
  const [connectNs, closedNs, errno] = [totals.connectNs[place]!, totals.closedNs[place]!, totals.errno[place]!];
  const openedNs = def.openedNs;
  if (def.direction === 'listening') {
    return [
      { id, kind: 'listen', place, atNs: openedNs, durationNs: 0 },
      ...closeOf(id, 'close', place, closedNs, openedNs),
    ];
  }
  // Only TCP is opened and closed; of the others it is a matter of opinion.
  if (def.protocol !== PROTOCOL_TCP) return [];
  if (hasFailed(world, place)) {
    const atNs = closedNs || totals.stateSinceNs[place]!;
    return [{ id: id + 1, kind: 'fail', place, atNs, durationNs: openedNs > 0 ? Math.max(0, atNs - openedNs) : 0 }];
  }
  const wasReset = totals.resets[place]! > 0 || errno !== 0;
  const moments = closeOf(id, wasReset ? 'reset' : 'close', place, closedNs, openedNs);
  if (openedNs === 0 || def.direction === 'unknown' || isOnItsWay(totals.state[place]!)) return moments;
  const kind = def.direction === 'in' ? 'accept' : 'connect';
  return [{ id, kind, place, atNs: openedNs + connectNs, durationNs: connectNs }, ...moments];
}

/** It never came about. */
export function hasFailed(world: FlowWorld, place: number): boolean {
  const { totals } = world;
  const def = world.def(place);
  return hasFailedToConnect({
    ...world.times(place),
    isOutgoing: def?.direction === 'out' && def.protocol === PROTOCOL_TCP,
    errno: totals.errno[place]!,
    bytes: totals.sent[place]! + totals.received[place]!,
    rttNs: totals.rttNs[place]!,
    firstSeenNs: totals.firstSeenNs[place]!,
  });
}

function isOnItsWay(state: number): boolean {
  return state === TCP_STATE.synSent || state === TCP_STATE.synReceived;
}

function closeOf(id: number, kind: 'close' | 'reset', place: number, closedNs: number, openedNs: number): Moment[] {
  if (closedNs === 0) return [];
  return [{ id: id + 2, kind, place, atNs: closedNs, durationNs: openedNs > 0 ? Math.max(0, closedNs - openedNs) : 0 }];
}
