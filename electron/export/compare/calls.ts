/** System calls of both sides, by name of the call and of the process: how many, how many failed, how long they took. */
import { type LatencyShift, latencyShift, shiftSize } from '../../../remote-agent/protocol/statistics/index.ts';
import { groupCalls } from '../calls/call-groups.ts';
import { CallStats } from '../calls/call-stats.ts';
import type { CollectedCalls } from '../calls/collect-calls.ts';
import { keyed, pairs } from './pairs.ts';

export interface CallSide {
  readonly calls: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
}

export interface CallDiff {
  readonly call: string;
  readonly comm: string;
  readonly before: CallSide;
  readonly after: CallSide;
  /** after ÷ before; null where there are too few calls to tell. */
  readonly shift: LatencyShift;
}

interface Group {
  readonly call: string;
  readonly comm: string;
  readonly stats: CallStats;
}

/** By the size of the shift of p99, the largest first; what is on one side only comes last. */
export function diffCalls(before: CollectedCalls, after: CollectedCalls): CallDiff[] {
  return pairs(groupsOf(before), groupsOf(after))
    .map((pair) => {
      const { call = '', comm = '' } = pair.after ?? pair.before ?? {};
      const [was, is] = [pair.before?.stats ?? new CallStats(), pair.after?.stats ?? new CallStats()];
      const sides = { before: sideOf(was, before.coveredNs), after: sideOf(is, after.coveredNs) };
      const marks = (side: CallSide, stats: CallStats) => ({ ...side, known: stats.calls - stats.untimed });
      return { call, comm, ...sides, shift: latencyShift(marks(sides.before, was), marks(sides.after, is)) };
    })
    .toSorted(
      (a, b) =>
        shiftSize(b.shift) - shiftSize(a.shift) || b.before.calls + b.after.calls - a.before.calls - a.after.calls,
    );
}

function groupsOf(calls: CollectedCalls): Map<string, Group> {
  return keyed(
    groupCalls(calls, 'both'),
    ({ call, who }) => `${call}\0${who?.comm ?? '?'}`,
    ({ call, who }): Group => ({ call, comm: who?.comm ?? '?', stats: new CallStats() }),
    ({ stats }, group) => stats.addAll(group.stats),
  );
}

function sideOf(stats: CallStats, coveredNs: number): CallSide {
  return {
    calls: stats.calls,
    perSecond: coveredNs > 0 ? (stats.calls * 1e9) / coveredNs : 0,
    errors: stats.failed,
    p50Ns: stats.quantileNs(0.5),
    p90Ns: stats.quantileNs(0.9),
    p99Ns: stats.quantileNs(0.99),
  };
}
