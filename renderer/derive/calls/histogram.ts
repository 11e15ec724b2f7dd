import { LATENCY_BUCKETS, quantileNs } from '../../../remote-agent/protocol/latency.ts';
import { bucketOf, type Cells } from './cell-index.ts';
import type { CellSums } from './cell-sums.ts';

export interface LatencyHistogram {
  /** Calls by power of two of their latency in ns. */
  readonly counts: Float64Array;
  /** Calls whose duration is known. */
  readonly known: number;
  /** Calls that had begun before they could be watched. */
  readonly unknown: number;
  readonly longestNs: number;
  /** null where no duration is known. */
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
}

/** Cells of `sums` that the mask marks; the mask may know more cells than the sums do. */
export function latencyHistogram(cells: Cells, sums: CellSums, mask: Uint8Array): LatencyHistogram {
  const counts = new Float64Array(LATENCY_BUCKETS);
  let [known, unknown, longestNs] = [0, 0, 0];
  for (let cell = 0; cell < sums.count; cell++) {
    const calls = sums.calls[cell]!;
    if (calls === 0 || mask[cell] !== 1) continue;
    const bucket = bucketOf(cells.outcome[cell]!);
    if (bucket >= LATENCY_BUCKETS) unknown += calls;
    else {
      counts[bucket] = counts[bucket]! + calls;
      known += calls;
      longestNs = Math.max(longestNs, sums.longestNs[cell]!);
    }
  }
  const quantile = (q: number) => quantileNs(counts, longestNs, q);
  return { counts, known, unknown, longestNs, p50Ns: quantile(0.5), p90Ns: quantile(0.9), p99Ns: quantile(0.99) };
}
