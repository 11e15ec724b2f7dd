import { UNKNOWN_BUCKET } from '../../../remote-agent/protocol/latency.ts';
import { PairTable } from '../pair-table.ts';
import type { CallColumns } from './call-columns.ts';

const BUCKET_BITS = 8;

/**
 * Rows with equal keys, of whichever window, are one cell: (thread, call, errno, bucket). A cell's thread and call are a
 * pair of their own, because grouping and filtering only look at those.
 */
export interface Cells {
  /** Another one means other numbers: of rows, pairs and cells. */
  readonly generation: number;
  readonly count: number;
  /** Cell by row of the columns. */
  readonly ofRow: Uint32Array;
  /** By cell. */
  readonly pair: Uint32Array;
  readonly pairCount: number;
  /** By pair. */
  readonly thread: Uint32Array;
  readonly call: Uint32Array;
  /** By cell: see bucketOf and errnoOf. */
  readonly outcome: Uint32Array;
}

export function bucketOf(outcome: number): number {
  return outcome & (2 ** BUCKET_BITS - 1);
}

/** 0 = success. */
export function errnoOf(outcome: number): number {
  return outcome >>> BUCKET_BITS;
}

/**
 * Numbers cells in the order they are first seen. New rows cost one look-up each; the others are known from last time,
 * so that adding up any range is a walk without a look-up. When rows were forgotten it begins anew: that happens once
 * per eighth of the ring, and leaves out the cells that nobody has any more.
 */
export class CellIndex {
  #pairs = new PairTable();
  #cells = new PairTable();
  #ofRow = new Uint32Array(4096);
  #rows = 0;
  #rowsForgotten = 0;
  #generation = 0;

  update(columns: CallColumns): Cells {
    if (columns.rowsForgotten !== this.#rowsForgotten || columns.rowCount < this.#rows) this.#clear(columns);
    if (this.#ofRow.length < columns.rowCount) this.#ofRow = enlarged(this.#ofRow, columns.thread.length);
    const { thread, call, errno, bucket } = columns;
    for (let row = this.#rows; row < columns.rowCount; row++) {
      const pair = this.#pairs.intern(thread[row]!, call[row]!);
      this.#ofRow[row] = this.#cells.intern(
        pair,
        (errno[row]! << BUCKET_BITS) | Math.min(bucket[row]!, UNKNOWN_BUCKET),
      );
    }
    this.#rows = columns.rowCount;
    return this.#published();
  }

  #clear({ rowsForgotten }: CallColumns): void {
    this.#pairs = new PairTable();
    this.#cells = new PairTable();
    this.#rows = 0;
    this.#rowsForgotten = rowsForgotten;
    this.#generation++;
    // Whoever reads the old numbers goes on reading them.
    this.#ofRow = new Uint32Array(this.#ofRow.length);
  }

  #published(): Cells {
    return {
      generation: this.#generation,
      count: this.#cells.count,
      ofRow: this.#ofRow,
      pair: this.#cells.first,
      pairCount: this.#pairs.count,
      thread: this.#pairs.first,
      call: this.#pairs.second,
      outcome: this.#cells.second,
    };
  }
}

function enlarged(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
