import { type LatencyShift, latencyShift } from '../../../remote-agent/protocol/statistics/index.ts';
import { LATENCY_BUCKETS, quantileNs } from '../../../remote-agent/protocol/latency.ts';
import { callColumns } from '../calls/call-columns.ts';
import { bucketOf, CellIndex, errnoOf } from '../calls/cell-index.ts';
import { sumCells } from '../calls/cell-sums.ts';
import { callName } from '../calls/groups.ts';
import { coverageOf } from '../coverage.ts';
import { processOf } from '../owners.ts';
import { type CompareSide, windowsOf } from './side.ts';

/** One call of the processes of one name, on one side. */
export interface CallSide {
  readonly calls: number;
  readonly perSecond: number;
  readonly errors: number;
  /** Calls by power of two of their latency in ns. */
  readonly buckets: Float64Array;
  /** Whose duration is known. */
  readonly known: number;
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
}

export interface CallDiff {
  readonly call: string;
  readonly process: string;
  readonly before: CallSide;
  readonly after: CallSide;
  readonly shift: LatencyShift;
}

/** null where one of the sides has no system calls. */
export function callDiffs(before: CompareSide, after: CompareSide): readonly CallDiff[] | null {
  const [was, is] = [groupsOf(before), groupsOf(after)];
  if (!was || !is) return null;
  return [...new Set([...was.groups.keys(), ...is.groups.keys()])].map((key) => {
    const [call = '', process = ''] = key.split('\0');
    const sides = {
      before: sideOf(was.groups.get(key), was.seconds),
      after: sideOf(is.groups.get(key), is.seconds),
    };
    return { call, process, ...sides, shift: latencyShift(sides.before, sides.after) };
  });
}

interface Group {
  calls: number;
  errors: number;
  longestNs: number;
  readonly buckets: Float64Array;
}

function groupsOf(side: CompareSide): { readonly groups: ReadonlyMap<string, Group>; readonly seconds: number } | null {
  const found = windowsOf(side, 'calls');
  if (!found) return null;
  const { tables } = side.snapshot;
  const columns = callColumns(found.windows);
  const cells = new CellIndex().update(columns);
  const sums = sumCells(columns, cells, found.span);
  const groups = new Map<string, Group>();
  for (let cell = 0; cell < sums.count; cell++) {
    const calls = sums.calls[cell]!;
    if (calls === 0) continue;
    const pair = cells.pair[cell]!;
    const process = tables.processes[processOf(tables, cells.thread[pair]!)];
    const key = `${callName(cells.call[pair]!, false)}\0${process?.comm || 'unknown process'}`;
    let group = groups.get(key);
    if (!group)
      groups.set(key, (group = { calls: 0, errors: 0, longestNs: 0, buckets: new Float64Array(LATENCY_BUCKETS) }));
    add(group, cells.outcome[cell]!, calls, sums.longestNs[cell]!);
  }
  return { groups, seconds: coverageOf(columns, found.span).seconds };
}

function add(group: Group, outcome: number, calls: number, longestNs: number): void {
  const bucket = bucketOf(outcome);
  group.calls += calls;
  if (errnoOf(outcome) !== 0) group.errors += calls;
  group.longestNs = Math.max(group.longestNs, longestNs);
  if (bucket < LATENCY_BUCKETS) group.buckets[bucket] = group.buckets[bucket]! + calls;
}

const NO_CALLS: Group = { calls: 0, errors: 0, longestNs: 0, buckets: new Float64Array(LATENCY_BUCKETS) };

function sideOf({ calls, errors, longestNs, buckets }: Group = NO_CALLS, seconds: number): CallSide {
  const quantile = (q: number) => quantileNs(buckets, longestNs, q);
  return {
    calls,
    perSecond: seconds > 0 ? calls / seconds : 0,
    errors,
    buckets,
    known: buckets.reduce((sum, count) => sum + count, 0),
    p50Ns: quantile(0.5),
    p90Ns: quantile(0.9),
    p99Ns: quantile(0.99),
  };
}
