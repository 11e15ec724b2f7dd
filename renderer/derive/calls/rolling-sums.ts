import type { WindowSpan } from '../tally.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';
import type { CellSums } from './cell-sums.ts';

/** Rows from … to − 1. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

const NO_ROWS: Rows = { from: 0, to: 0 };

/**
 * The sums of a span that moves on: rows that came in are added and those that fell out are taken back, so that a step
 * costs the windows that moved, however long the span is.
 *
 * A maximum cannot be taken back. So the span is two parts, apart at a pivot:
 *
 *      from        pivot           to
 *       |── older ──|──── newer ────|      longest = the greater of both, by cell
 *
 * Newer only ever gets rows. Of each older row it is known what the longest of its cell will be once it is gone, as they
 * were walked backwards. When no older one is left, all rows become older: a walk over the span, once per length of it.
 */
export class RollingSums {
  #generation = -1;
  #rows = NO_ROWS;
  #pivot = 0;
  #calls = new Float64Array(0);
  #totalNs = new Float64Array(0);
  /** By cell, of either part. */
  #olderNs = new Float64Array(0);
  #newerNs = new Float64Array(0);
  /** By row from #walkedFrom: the longest of the older rows of its cell behind it. */
  #leftNs = new Float64Array(0);
  #walkedFrom = 0;

  advance(columns: CallColumns, cells: Cells, span: WindowSpan): CellSums {
    const rows = rowsOf(columns, span);
    if (!this.#follows(cells, rows)) this.#clear(cells, rows.from);
    this.#reserve(cells.count);
    this.#add(columns, cells, { from: this.#rows.to, to: rows.to });
    this.#drop(columns, cells, { from: this.#rows.from, to: rows.from }, rows.to);
    this.#rows = rows;
    return this.#published(cells.count);
  }

  /** The same numbers, moved on by less than what stays. */
  #follows({ generation }: Cells, { from, to }: Rows): boolean {
    const known = this.#rows;
    const isAhead = from >= known.from && to >= known.to && from < known.to;
    return generation === this.#generation && isAhead && from - known.from <= to - from;
  }

  #clear({ generation, count }: Cells, from: number): void {
    this.#generation = generation;
    this.#rows = { from, to: from };
    this.#pivot = from;
    [this.#calls, this.#totalNs, this.#olderNs, this.#newerNs] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
    ];
  }

  #reserve(count: number): void {
    if (count <= this.#calls.length) return;
    const length = Math.max(count, this.#calls.length * 2);
    this.#calls = enlarged(this.#calls, length);
    this.#totalNs = enlarged(this.#totalNs, length);
    this.#olderNs = enlarged(this.#olderNs, length);
    this.#newerNs = enlarged(this.#newerNs, length);
  }

  #add({ calls, totalNs, longestNs }: CallColumns, { ofRow }: Cells, { from, to }: Rows): void {
    for (let row = from; row < to; row++) {
      const cell = ofRow[row]!;
      this.#calls[cell] = this.#calls[cell]! + calls[row]!;
      this.#totalNs[cell] = this.#totalNs[cell]! + totalNs[row]!;
      if (longestNs[row]! > this.#newerNs[cell]!) this.#newerNs[cell] = longestNs[row]!;
    }
  }

  #drop(columns: CallColumns, { ofRow }: Cells, { from, to }: Rows, end: number): void {
    const { calls, totalNs } = columns;
    for (let row = from; row < to; row++) {
      const cell = ofRow[row]!;
      this.#calls[cell] = this.#calls[cell]! - calls[row]!;
      this.#totalNs[cell] = this.#totalNs[cell]! - totalNs[row]!;
      if (row < this.#pivot) this.#olderNs[cell] = this.#leftNs[row - this.#walkedFrom]!;
    }
    if (to > this.#pivot) this.#walkBack(columns, ofRow, { from: to, to: end });
  }

  #walkBack({ longestNs }: CallColumns, ofRow: Uint32Array, { from, to }: Rows): void {
    if (this.#leftNs.length < to - from) this.#leftNs = new Float64Array(to - from);
    this.#olderNs.fill(0);
    this.#newerNs.fill(0);
    for (let row = to - 1; row >= from; row--) {
      const cell = ofRow[row]!;
      const behind = this.#olderNs[cell]!;
      this.#leftNs[row - from] = behind;
      if (longestNs[row]! > behind) this.#olderNs[cell] = longestNs[row]!;
    }
    this.#walkedFrom = from;
    this.#pivot = to;
  }

  /** Copies: the next step changes what is kept here. */
  #published(count: number): CellSums {
    const longestNs = this.#newerNs.slice(0, count);
    for (let cell = 0; cell < count; cell++)
      if (this.#olderNs[cell]! > longestNs[cell]!) longestNs[cell] = this.#olderNs[cell]!;
    return { count, calls: this.#calls.slice(0, count), totalNs: this.#totalNs.slice(0, count), longestNs };
  }
}

function rowsOf({ windowRow }: CallColumns, { first, end }: WindowSpan): Rows {
  const from = windowRow[first] ?? 0;
  return { from, to: end > first ? windowRow[end]! : from };
}

function enlarged(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(array);
  return larger;
}
