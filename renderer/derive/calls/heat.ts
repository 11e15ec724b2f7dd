import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';
import type { TimeColumns } from './time-columns.ts';

/** Calls by time and latency. */
export interface HeatMap {
  readonly columns: TimeColumns;
  /** By column × LATENCY_BUCKETS + bucket. */
  readonly calls: Float64Array;
  /** The buckets there are calls in; null = none. */
  readonly buckets: { readonly from: number; readonly to: number } | null;
  /** Calls per second of the cells with the fewest and the most, without empty ones. */
  readonly leastRate: number;
  readonly mostRate: number;
}

/** `mask`: 1 by cell that counts. Calls of unknown duration have no place here. */
export function heatMap(given: CallColumns, cells: Cells, mask: Uint8Array, columns: TimeColumns): HeatMap {
  const calls = new Float64Array(columns.count * LATENCY_BUCKETS);
  for (let column = 0; column < columns.count; column++) {
    const to = given.windowRow[columns.windows[column + 1]!]!;
    for (let row = given.windowRow[columns.windows[column]!]!; row < to; row++) {
      const bucket = given.bucket[row]!;
      if (mask[cells.ofRow[row]!] !== 1 || bucket >= LATENCY_BUCKETS) continue;
      const at = column * LATENCY_BUCKETS + bucket;
      calls[at] = calls[at]! + given.calls[row]!;
    }
  }
  return { columns, calls, ...extremes(calls, columns) };
}

function extremes(calls: Float64Array, { seconds }: TimeColumns): Pick<HeatMap, 'buckets' | 'leastRate' | 'mostRate'> {
  let [from, to, least, most] = [LATENCY_BUCKETS, -1, Number.POSITIVE_INFINITY, 0];
  for (let at = 0; at < calls.length; at++) {
    if (calls[at] === 0) continue;
    const bucket = at % LATENCY_BUCKETS;
    const rate = calls[at]! / seconds[Math.floor(at / LATENCY_BUCKETS)]!;
    from = Math.min(from, bucket);
    to = Math.max(to, bucket);
    least = Math.min(least, rate);
    most = Math.max(most, rate);
  }
  return to < 0
    ? { buckets: null, leastRate: 0, mostRate: 0 }
    : { buckets: { from, to }, leastRate: least, mostRate: most };
}
