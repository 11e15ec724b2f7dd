/** Calls added up: how many, how many failed, how long they took. */
import { LATENCY_BUCKETS, quantileNs } from '../../../remote-agent/protocol/index.ts';

/** One row of a window, or any number of equal ones. */
export interface CallCount {
  readonly errno: number;
  readonly bucket: number;
  readonly calls: number;
  readonly totalNs: number;
  readonly longestNs: number;
}

export class CallStats {
  calls = 0;
  failed = 0;
  /** Of the calls: their duration is not known. */
  untimed = 0;
  /** Thousands of threads that wait for hours: more than a double holds exactly. */
  totalNs = 0n;
  longestNs = 0;
  /** Calls by bucket of their duration. */
  readonly buckets: Float64Array = new Float64Array(LATENCY_BUCKETS);

  add({ errno, bucket, calls, totalNs, longestNs }: CallCount): void {
    this.calls += calls;
    if (errno !== 0) this.failed += calls;
    this.totalNs += BigInt(totalNs);
    this.longestNs = Math.max(this.longestNs, longestNs);
    if (bucket < LATENCY_BUCKETS) this.buckets[bucket] = (this.buckets[bucket] ?? 0) + calls;
    else this.untimed += calls;
  }

  addAll(other: CallStats): void {
    this.calls += other.calls;
    this.failed += other.failed;
    this.untimed += other.untimed;
    this.totalNs += other.totalNs;
    this.longestNs = Math.max(this.longestNs, other.longestNs);
    for (const [bucket, calls] of other.buckets.entries()) this.buckets[bucket] = (this.buckets[bucket] ?? 0) + calls;
  }

  /** Whole nanoseconds, right to within a power of two; null where no duration is known. */
  quantileNs(q: number): number | null {
    const ns = quantileNs(this.buckets, this.longestNs, q);
    return ns === null ? null : Math.round(ns);
  }

  /** Exact; null where no duration is known. */
  get maxNs(): number | null {
    return this.calls > this.untimed ? this.longestNs : null;
  }
}
