import type { Tables } from '../../store/model.ts';
import { PairTable } from '../pair-table.ts';
import type { EventColumns } from './event-columns.ts';

const HALF = 2 ** 32;

/** Which call each row is about: a call that is still in progress has a row in every window, and another when it returns. */
export interface EventIds {
  readonly count: number;
  /** Number of the call by row of the columns. */
  readonly ofRow: Uint32Array;
}

/**
 * Numbers calls by (thread, call, begun) in the order they are first seen. The thread is the kernel's: the agent may have
 * learned meanwhile that it is of another process than it seemed, and then speaks of it by another id. New rows cost a
 * look-up each, the others are known from last time. When rows were forgotten it begins anew, which happens once per
 * eighth of the ring.
 */
export class EventIndex {
  #callers = new PairTable();
  #times = new PairTable();
  #events = new PairTable();
  #ofRow = new Uint32Array(1024);
  #rows = 0;
  #rowsForgotten = 0;

  update(columns: EventColumns, { threads }: Tables): EventIds {
    if (columns.rowsForgotten !== this.#rowsForgotten || columns.rowCount < this.#rows) this.#clear(columns);
    if (this.#ofRow.length < columns.rowCount) this.#ofRow = enlarged(this.#ofRow, columns.thread.length);
    const { thread, call, begunNs } = columns;
    for (let row = this.#rows; row < columns.rowCount; row++) {
      const begun = begunNs[row]!;
      const caller = this.#callers.intern(threads[thread[row]!]?.tid ?? 0, call[row]!);
      const time = this.#times.intern(Math.floor(begun / HALF), begun % HALF);
      this.#ofRow[row] = this.#events.intern(caller, time);
    }
    this.#rows = columns.rowCount;
    return { count: this.#events.count, ofRow: this.#ofRow };
  }

  #clear({ rowsForgotten }: EventColumns): void {
    this.#callers = new PairTable();
    this.#times = new PairTable();
    this.#events = new PairTable();
    this.#rows = 0;
    this.#rowsForgotten = rowsForgotten;
    // Whoever reads the old numbers goes on reading them.
    this.#ofRow = new Uint32Array(this.#ofRow.length);
  }
}

function enlarged(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
