import type { SampleColumns } from '../store/model.ts';
import { PairTable } from './pair-table.ts';

/** How often each thread was seen with each stack: rows with equal thread and stack put together, CPUs apart no more. */
export interface Tally {
  readonly count: number;
  readonly thread: Uint32Array;
  /** Leaf node of the prefix tree; 0 = no frames. */
  readonly stack: Uint32Array;
  /** In samples; 0 where all of them fell out of the range. */
  readonly weight: Float64Array;
  readonly total: number;
}

/** Windows first … end - 1 of the columns. */
export interface WindowSpan {
  readonly first: number;
  readonly end: number;
}

/** The rows of some windows, from nothing. Live views keep a RollingTally instead. */
export function tallyRows(samples: SampleColumns, span: WindowSpan): Tally {
  return new RollingTally().advance(samples, span);
}

interface Covered {
  /** Of all rows there ever were: other windows that happen to begin and end at the same times have others. */
  readonly firstRow: number;
  readonly firstFromNs: number;
  readonly lastFromNs: number;
  readonly rows: number;
}

/**
 * A tally that moves with the range: adds the windows that came in, subtracts those that fell out. Sliding "the last
 * minute" along by one window costs one window's rows, however long the range is.
 */
export class RollingTally {
  #pairs = new PairTable();
  #weight = new Float64Array(1024);
  #total = 0;
  #covered: Covered | null = null;

  advance(samples: SampleColumns, span: WindowSpan): Tally {
    const old = this.#find(samples);
    const changed = old ? Math.abs(old.first - span.first) + Math.abs(old.end - span.end) : Number.POSITIVE_INFINITY;
    if (!old || changed > (span.end - span.first) / 2 || this.#isMostlyEmpty()) {
      this.#clear();
      this.#add(samples, span.first, span.end, 1);
    } else {
      this.#add(samples, span.first, old.first, 1);
      this.#add(samples, old.first, span.first, -1);
      this.#add(samples, old.end, span.end, 1);
      this.#add(samples, span.end, old.end, -1);
    }
    this.#covered = coveredBy(samples, span);
    return this.#tally();
  }

  /** Where the windows of last time lie now; null if they are gone, or if these are other samples. */
  #find(samples: SampleColumns): WindowSpan | null {
    if (!this.#covered) return null;
    const first = indexOf(samples.windowFromNs, samples.windowCount, this.#covered.firstFromNs);
    const last = indexOf(samples.windowFromNs, samples.windowCount, this.#covered.lastFromNs);
    if (first < 0 || last < 0) return null;
    const rows = samples.windowRow[last + 1]! - samples.windowRow[first]!;
    const isSame = rows === this.#covered.rows && firstRow(samples, first) === this.#covered.firstRow;
    return isSame ? { first, end: last + 1 } : null;
  }

  /** Rows of windows from … to - 1, none if from ≥ to. */
  #add(samples: SampleColumns, from: number, to: number, sign: 1 | -1): void {
    if (from >= to) return;
    const { thread, stack, samples: weight, windowRow } = samples;
    for (let row = windowRow[from]!; row < windowRow[to]!; row++) {
      const pair = this.#pairs.intern(thread[row]!, stack[row]!);
      if (pair >= this.#weight.length) this.#weight = doubled(this.#weight);
      this.#weight[pair] = this.#weight[pair]! + sign * weight[row]!;
      this.#total += sign * weight[row]!;
    }
  }

  /** Pairs of long ago stay with weight 0; once they are most of all, starting again is cheaper. */
  #isMostlyEmpty(): boolean {
    if (this.#pairs.count < 10_000) return false;
    let empty = 0;
    for (let pair = 0; pair < this.#pairs.count; pair++) if (this.#weight[pair] === 0) empty++;
    return empty > this.#pairs.count / 2;
  }

  #clear(): void {
    this.#pairs = new PairTable();
    this.#weight = new Float64Array(1024);
    this.#total = 0;
  }

  /** Weights are copied, because the next step changes them; the pairs only grow behind `count`. */
  #tally(): Tally {
    const { count, first, second } = this.#pairs;
    return { count, thread: first, stack: second, weight: this.#weight.slice(0, count), total: this.#total };
  }
}

function coveredBy(samples: SampleColumns, { first, end }: WindowSpan): Covered | null {
  if (end <= first) return null;
  return {
    firstRow: firstRow(samples, first),
    firstFromNs: samples.windowFromNs[first]!,
    lastFromNs: samples.windowFromNs[end - 1]!,
    rows: samples.windowRow[end]! - samples.windowRow[first]!,
  };
}

function firstRow({ windowRow, rowsForgotten }: SampleColumns, window: number): number {
  return windowRow[window]! + rowsForgotten;
}

function indexOf(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low < count && sorted[low] === value ? low : -1;
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
