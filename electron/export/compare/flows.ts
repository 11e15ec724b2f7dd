/** Network traffic of both sides, by name of the process or by remote address. */
import { type CollectedFlowGroups, type FlowGroup } from '../flows/flow-groups.ts';
import {
  type FlowDiff,
  flowSide,
  NO_TRAFFIC,
  type TrafficSum,
} from '../../../remote-agent/protocol/statistics/index.ts';
import { keyed, pairs } from './pairs.ts';

const NS_PER_SECOND = 1e9;

interface Sum extends TrafficSum {
  readonly who: string;
  readonly name: string;
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
      before: flowSide(pair.before, before.coveredNs / NS_PER_SECOND),
      after: flowSide(pair.after, after.coveredNs / NS_PER_SECOND),
    }))
    .toSorted((a, b) => moved(b) - moved(a));
}

function sumsOf(groups: readonly FlowGroup[], by: 'process' | 'remote'): Map<string, Sum> {
  const whoOf = ({ who, def }: FlowGroup): string =>
    by === 'process' ? (who?.comm ?? 'unknown') : def?.remoteAddress || 'unknown';
  return keyed<FlowGroup, Sum>(
    groups,
    whoOf,
    (group) => ({ ...NO_TRAFFIC, who: whoOf(group), name: group.name }),
    addGroup,
  );
}

function addGroup(sum: Sum, group: FlowGroup): void {
  sum.flows += group.flows;
  sum.sent += group.sent;
  sum.received += group.received;
  sum.packetsSent += group.packetsSent;
  sum.retransmits += group.retransmits;
  sum.rttNs = Math.max(sum.rttNs, group.rttNs);
}
