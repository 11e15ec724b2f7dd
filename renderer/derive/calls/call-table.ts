import { LATENCY_BUCKETS, quantileNs } from '../../../remote-agent/protocol/latency.ts';
import { type Band, inBand } from './band.ts';
import { bucketOf, errnoOf, type Cells } from './cell-index.ts';
import type { CellSums } from './cell-sums.ts';
import { type Groups, NO_GROUP } from './groups.ts';

/** By group. Groups without a call in the range are not `present`. */
export interface CallTable {
  readonly present: readonly number[];
  readonly calls: Float64Array;
  readonly errors: Float64Array;
  readonly totalNs: Float64Array;
  readonly longestNs: Float64Array;
  /** Of calls whose duration is known; NaN where there is none. Right to within a power of two. */
  readonly p50Ns: Float64Array;
  readonly p90Ns: Float64Array;
  readonly p99Ns: Float64Array;
  readonly allCalls: number;
}

/** Adds cells up to groups. Quantiles need each group's cells together: they are put in the order of their groups first. */
export function callTable(cells: Cells, sums: CellSums, groups: Groups, band: Band): CallTable {
  const table = emptyTable(groups.count);
  const counts = new Float64Array(LATENCY_BUCKETS);
  const { sorted, starts } = cellsByGroup(cells, sums, groups, band);
  let allCalls = 0;
  for (let group = 0; group < groups.count; group++) {
    if (starts[group] === starts[group + 1]) continue;
    counts.fill(0);
    for (let at = starts[group]!; at < starts[group + 1]!; at++)
      addCell(table, group, sorted[at]!, cells, sums, counts);
    const longest = table.longestNs[group]!;
    table.p50Ns[group] = quantileNs(counts, longest, 0.5) ?? Number.NaN;
    table.p90Ns[group] = quantileNs(counts, longest, 0.9) ?? Number.NaN;
    table.p99Ns[group] = quantileNs(counts, longest, 0.99) ?? Number.NaN;
    table.present.push(group);
    allCalls += table.calls[group]!;
  }
  return { ...table, allCalls };
}

function emptyTable(groups: number) {
  const column = () => new Float64Array(groups);
  return {
    present: [] as number[],
    calls: column(),
    errors: column(),
    totalNs: column(),
    longestNs: column(),
    p50Ns: column(),
    p90Ns: column(),
    p99Ns: column(),
  };
}

function addCell(
  table: ReturnType<typeof emptyTable>,
  group: number,
  cell: number,
  cells: Cells,
  sums: CellSums,
  counts: Float64Array,
): void {
  const calls = sums.calls[cell]!;
  const bucket = bucketOf(cells.outcome[cell]!);
  table.calls[group] = table.calls[group]! + calls;
  if (errnoOf(cells.outcome[cell]!) !== 0) table.errors[group] = table.errors[group]! + calls;
  table.totalNs[group] = table.totalNs[group]! + sums.totalNs[cell]!;
  table.longestNs[group] = Math.max(table.longestNs[group]!, sums.longestNs[cell]!);
  if (bucket < LATENCY_BUCKETS) counts[bucket] = counts[bucket]! + calls;
}

/** Numbers of the cells that count, sorted by group, and where each group begins. */
function cellsByGroup(cells: Cells, sums: CellSums, groups: Groups, band: Band) {
  const starts = new Uint32Array(groups.count + 1);
  const groupOf = new Int32Array(sums.count).fill(NO_GROUP);
  for (let cell = 0; cell < sums.count; cell++) {
    if (sums.calls[cell] === 0 || !inBand(band, bucketOf(cells.outcome[cell]!))) continue;
    const group = groups.ofPair[cells.pair[cell]!]!;
    groupOf[cell] = group;
    if (group !== NO_GROUP) starts[group + 1]!++;
  }
  for (let group = 0; group < groups.count; group++) starts[group + 1] = starts[group + 1]! + starts[group]!;
  const next = starts.slice();
  const sorted = new Uint32Array(starts[groups.count]!);
  for (let cell = 0; cell < sums.count; cell++) {
    const group = groupOf[cell]!;
    if (group !== NO_GROUP) sorted[next[group]!++] = cell;
  }
  return { sorted, starts };
}
