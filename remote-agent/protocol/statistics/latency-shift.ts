/** How the durations of a call shifted, from counts by power of two. */

/** Fewer calls say nothing about a quantile that one in a hundred exceeds. */
export const CALLS_FOR_P99 = 100;
/** Of a share of 1 in 10 and of a half, with as many calls above it. */
const CALLS_FOR_P90 = 10;
const CALLS_FOR_P50 = 2;

export interface LatencyMarks {
  /** Calls whose duration is known. */
  readonly known: number;
  /** null where no duration is known. */
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
}

export interface LatencyShift {
  /** after ÷ before; null where one side has too few calls for that quantile. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

export function latencyShift(before: LatencyMarks, after: LatencyMarks): LatencyShift {
  const fewest = Math.min(before.known, after.known);
  const ratio = (from: number | null, to: number | null, calls: number): number | null =>
    fewest < calls || from === null || to === null || from <= 0 ? null : to / from;
  return {
    p50: ratio(before.p50Ns, after.p50Ns, CALLS_FOR_P50),
    p90: ratio(before.p90Ns, after.p90Ns, CALLS_FOR_P90),
    p99: ratio(before.p99Ns, after.p99Ns, CALLS_FOR_P99),
  };
}

/** How much the slow calls shifted, in powers of two, whichever way; 0 where that cannot be told. */
export function shiftSize({ p99 }: LatencyShift): number {
  return p99 === null || p99 <= 0 ? 0 : Math.abs(Math.log2(p99));
}
