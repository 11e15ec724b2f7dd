/** Network traffic of both sides, by name of the process or by remote address. */
import { type CollectedFlowGroups, type FlowGroup } from '../flows/flow-groups.ts';
import { keyed, pairs } from './pairs.ts';

export interface FlowSide {
  readonly flows: number;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  /** Of the packets sent, 0..1. */
  readonly retransmitShare: number;
  /** Of the slowest; null = not known. */
  readonly rttNs: number | null;
}

export interface FlowDiff {
  /** Process or remote address. */
  readonly who: string;
  /** Of the remote address; '' = none is known. */
  readonly name: string;
  readonly before: FlowSide;
  readonly after: FlowSide;
}

interface Sum {
  readonly who: string;
  readonly name: string;
  flows: number;
  sent: number;
  received: number;
  packetsSent: number;
  retransmits: number;
  rttNs: number;
}

/** By the change of bytes per second, the largest first. */
export function diffFlows(
  before: CollectedFlowGroups,
  after: CollectedFlowGroups,
  by: 'process' | 'remote',
): FlowDiff[] {
  const moved = ({ before: was, after: is }: FlowDiff): number =>
    Math.abs(is.sentPerSecond + is.receivedPerSecond - was.sentPerSecond - was.receivedPerSecond);
  return pairs(sumsOf(before.groups, by), sumsOf(after.groups, by))
    .map((pair) => ({
      who: (pair.after ?? pair.before)?.who ?? '',
      name: (pair.after ?? pair.before)?.name ?? '',
      before: sideOf(pair.before, before.coveredNs),
      after: sideOf(pair.after, after.coveredNs),
    }))
    .toSorted((a, b) => moved(b) - moved(a));
}

function sumsOf(groups: readonly FlowGroup[], by: 'process' | 'remote'): Map<string, Sum> {
  const whoOf = ({ who, def }: FlowGroup): string =>
    by === 'process' ? (who?.comm ?? 'unknown') : def?.remoteAddress || 'unknown';
  return keyed(groups, whoOf, (group) => emptySum(whoOf(group), group.name), addGroup);
}

function emptySum(who: string, name: string): Sum {
  return { who, name, flows: 0, sent: 0, received: 0, packetsSent: 0, retransmits: 0, rttNs: 0 };
}

function addGroup(sum: Sum, group: FlowGroup): void {
  sum.flows += group.flows;
  sum.sent += group.sent;
  sum.received += group.received;
  sum.packetsSent += group.packetsSent;
  sum.retransmits += group.retransmits;
  sum.rttNs = Math.max(sum.rttNs, group.rttNs);
}

function sideOf(sum: Sum | null, coveredNs: number): FlowSide {
  const { flows, sent, received, packetsSent, retransmits, rttNs } = sum ?? emptySum('', '');
  const perSecond = (bytes: number): number => (coveredNs > 0 ? (bytes * 1e9) / coveredNs : 0);
  return {
    flows,
    sentPerSecond: perSecond(sent),
    receivedPerSecond: perSecond(received),
    retransmitShare: retransmits === 0 ? 0 : retransmits / Math.max(packetsSent, retransmits),
    rttNs: rttNs || null,
  };
}
