/** The addresses that a pass looks for, ascending, and quick answers about where they are. */

const BUCKETS = 4096;

export class WantedAddresses {
  readonly count: number;
  readonly lowest: number;
  readonly highest: number;
  /** The span of addresses cut into equal parts, and the first address in or after each. */
  readonly bucketSize: number;
  readonly nextInBucket = new Float64Array(BUCKETS);
  private readonly indexOfNext = new Uint16Array(BUCKETS);
  private readonly addresses: Float64Array;

  constructor(addresses: readonly number[]) {
    this.addresses = Float64Array.from(addresses);
    this.count = addresses.length;
    this.lowest = addresses[0] ?? 0;
    this.highest = addresses.at(-1) ?? -1;
    this.bucketSize = Math.max(1, Math.ceil((this.highest - this.lowest + 1) / BUCKETS));
    let done = 0;
    for (const [index, address] of addresses.entries()) {
      const end = this.bucketOf(address) + 1;
      if (end <= done) continue;
      this.indexOfNext.fill(index, done, end);
      this.nextInBucket.fill(address, done, end);
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
    return Math.floor((address - this.lowest) / this.bucketSize);
  }
}
