/**
 * The addresses that a pass looks for, ascending, and quick answers about where they are. What is asked per symbol is
 * relative to the lowest address and below 2^31: larger numbers would be an object each.
 */

const BUCKETS = 4096;
const MAX_SPAN = 2 ** 31 - 1;

export class WantedAddresses {
  readonly count: number;
  readonly lowest: number;
  readonly highest: number;
  /** Addresses lie further apart than buckets reach: then all are in one bucket. */
  readonly isWide: boolean;
  /** Bucket of an address: (address - lowest) >> bucketShift. */
  readonly bucketShift: number;
  /** The first address in or after each bucket, less the lowest. */
  readonly nextInBucket = new Int32Array(BUCKETS);
  private readonly indexOfNext = new Uint16Array(BUCKETS);
  private readonly addresses: Float64Array;

  constructor(addresses: readonly number[]) {
    this.addresses = Float64Array.from(addresses);
    this.count = addresses.length;
    this.lowest = addresses[0] ?? 0;
    this.highest = addresses.at(-1) ?? -1;
    const span = this.highest - this.lowest;
    this.isWide = span > MAX_SPAN;
    this.bucketShift = Math.max(0, 32 - Math.clz32(span) - Math.log2(BUCKETS));
    if (!this.isWide) this.fillBuckets(addresses);
  }

  private fillBuckets(addresses: readonly number[]): void {
    let done = 0;
    for (const [index, address] of addresses.entries()) {
      const end = this.bucketOf(address) + 1;
      if (end <= done) continue;
      this.indexOfNext.fill(index, done, end);
      this.nextInBucket.fill(address - this.lowest, done, end);
      done = end;
    }
  }

  /** Infinite behind the last. */
  at(index: number): number {
    return this.addresses[index] ?? Number.POSITIVE_INFINITY;
  }

  /** Index of the first address ≥ start: from the bucket's first on, a step or two. */
  firstFrom(start: number): number {
    if (start <= this.lowest) return 0;
    if (start > this.highest) return this.count;
    let index = this.indexOfNext[this.bucketOf(start)] as number;
    while (this.at(index) < start) index++;
    return index;
  }

  private bucketOf(address: number): number {
    return this.isWide ? 0 : (address - this.lowest) >> this.bucketShift;
  }
}
