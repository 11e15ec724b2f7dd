import {
  type FlowDiff,
  flowSide,
  NO_TRAFFIC,
  type TrafficSum,
} from '../../../remote-agent/protocol/statistics/index.ts';
import { coverageOf } from '../coverage.ts';
import { flowColumns } from '../flows/flow-columns.ts';
import { type FlowTotals, totalFlows } from '../flows/flow-totals.ts';
import { processOf } from '../owners.ts';
import { type CompareSide, windowsOf } from './side.ts';

export type FlowOwner = 'process' | 'remote';

/** Without Sonde's own connection. null where one of the sides has no flows. */
export function flowDiffs(before: CompareSide, after: CompareSide, by: FlowOwner): readonly FlowDiff[] | null {
  const [was, is] = [sumsOf(before, by), sumsOf(after, by)];
  if (!was || !is) return null;
  const nameOf = (who: string) =>
    (after.snapshot.tables.addressNames.get(who) ?? before.snapshot.tables.addressNames.get(who))?.name ?? '';
  return [...new Set([...was.sums.keys(), ...is.sums.keys()])].map((who) => ({
    who,
    name: by === 'remote' ? nameOf(who) : '',
    before: flowSide(was.sums.get(who), was.seconds),
    after: flowSide(is.sums.get(who), is.seconds),
  }));
}

function sumsOf(
  side: CompareSide,
  by: FlowOwner,
): { readonly sums: ReadonlyMap<string, TrafficSum>; readonly seconds: number } | null {
  const found = windowsOf(side, 'flows');
  if (!found) return null;
  const { tables } = side.snapshot;
  const columns = flowColumns(found.windows);
  const totals = totalFlows(columns, found.span);
  const sums = new Map<string, TrafficSum>();
  for (let place = 0; place < totals.count; place++) {
    const def = tables.flows.get(totals.flow[place]!);
    if (def?.isOwn || totals.isOwn[place] === 1) continue;
    const process = tables.processes[processOf(tables, totals.thread[place]!)];
    const who = (by === 'process' ? process?.comm : def?.remoteAddress) || 'unknown';
    let sum = sums.get(who);
    if (!sum) sums.set(who, (sum = { ...NO_TRAFFIC }));
    add(sum, totals, place);
  }
  return { sums, seconds: coverageOf(columns, found.span).seconds };
}

function add(sum: TrafficSum, totals: FlowTotals, place: number): void {
  sum.flows += 1;
  sum.sent += totals.sent[place]!;
  sum.received += totals.received[place]!;
  sum.packetsSent += totals.packetsSent[place]!;
  sum.retransmits += totals.retransmits[place]!;
  sum.rttNs = Math.max(sum.rttNs, totals.rttNs[place]!);
}
