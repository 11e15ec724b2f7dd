import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';
import { beginsAs, ColumnCounts } from './column-counts.ts';
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

/** From nothing. Live views keep a RollingHeat instead. */
export function heatMap(given: CallColumns, cells: Cells, mask: Uint8Array, columns: TimeColumns): HeatMap {
  return new RollingHeat().advance(given, cells, mask, columns);
}

/** A heat map that moves on: only columns that changed are counted. */
export class RollingHeat {
  readonly #counts = new ColumnCounts();
  #generation = -1;
  #mask: Uint8Array = new Uint8Array(0);

  /** `mask`: 1 by cell that counts. Calls of unknown duration have no place here. */
  advance(given: CallColumns, cells: Cells, mask: Uint8Array, columns: TimeColumns): HeatMap {
    if (cells.generation !== this.#generation || !beginsAs(mask, this.#mask)) this.#counts.clear();
    this.#generation = cells.generation;
    this.#mask = mask;
    const { bucket: buckets, calls: weights } = given;
    const byColumn = this.#counts.advance(given, columns, LATENCY_BUCKETS, (row, counts) => {
      const bucket = buckets[row]!;
      if (mask[cells.ofRow[row]!] === 1 && bucket < LATENCY_BUCKETS) counts[bucket] = counts[bucket]! + weights[row]!;
    });
    const calls = new Float64Array(columns.count * LATENCY_BUCKETS);
    for (const [column, counts] of byColumn.entries()) calls.set(counts, column * LATENCY_BUCKETS);
    return { columns, calls, ...extremes(calls, columns) };
  }
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
