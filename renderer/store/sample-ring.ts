import type { Counters, MonotonicNs } from '../../remote-agent/protocol/signal.ts';
import { withRoom } from './growable.ts';
import type { SampleColumns } from './model.ts';

export interface RingLimits {
  readonly rows: number;
  readonly spanNs: number;
}

/** A live session runs for days: 4 M rows are 64 MB, two hours of a 4-core box sampled at 99 Hz at its very worst. */
export const LIVE_LIMITS: RingLimits = { rows: 4_000_000, spanNs: 2 * 3600e9 };
/** A recording is finite, and what is forgotten here could not be shown at all: 256 MB at most. */
export const REPLAY_LIMITS: RingLimits = { rows: 16_000_000, spanNs: Number.POSITIVE_INFINITY };

/** Rows of one window, columns found by the manifest. */
export interface WindowRows {
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
  readonly rows: number;
  readonly thread: Uint32Array;
  readonly cpu: Uint32Array;
  readonly stack: Uint32Array;
  readonly samples: Uint32Array;
  readonly counters: Counters;
}

/**
 * All kept windows as columns, oldest first and always contiguous, because every view walks them in order.
 *
 * Appending writes behind what was published, and forgetting copies what stays into new arrays: whoever holds an older
 * SampleColumns may go on reading it. Forgetting drops an eighth at once, so its copy is paid once per eighth.
 */
export class SampleRing {
  readonly #limits: RingLimits;
  #thread: Uint32Array = new Uint32Array(4096);
  #cpu: Uint32Array = new Uint32Array(4096);
  #stack: Uint32Array = new Uint32Array(4096);
  #samples: Uint32Array = new Uint32Array(4096);
  #rowCount = 0;
  #windowRow: Uint32Array = new Uint32Array(256);
  #windowFromNs: Float64Array = new Float64Array(256);
  #windowToNs: Float64Array = new Float64Array(256);
  #counters: Counters[] = [];
  #windowCount = 0;
  #forgottenBeforeNs = 0;
  #version = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  append(window: WindowRows): void {
    this.#forget(window);
    const row = this.#rowCount;
    this.#reserveRows(row + window.rows);
    this.#thread.set(window.thread, row);
    this.#cpu.set(window.cpu, row);
    this.#stack.set(window.stack, row);
    this.#samples.set(window.samples, row);
    this.#rowCount = row + window.rows;
    this.#appendBounds(window);
    this.#version++;
  }

  published(): SampleColumns {
    return {
      version: this.#version,
      rowCount: this.#rowCount,
      thread: this.#thread,
      cpu: this.#cpu,
      stack: this.#stack,
      samples: this.#samples,
      windowCount: this.#windowCount,
      windowRow: this.#windowRow,
      windowFromNs: this.#windowFromNs,
      windowToNs: this.#windowToNs,
      windowCounters: this.#counters,
      forgottenBeforeNs: this.#forgottenBeforeNs,
    };
  }

  #reserveRows(rows: number): void {
    const cap = this.#limits.rows;
    this.#thread = withRoom(this.#thread, rows, cap);
    this.#cpu = withRoom(this.#cpu, rows, cap);
    this.#stack = withRoom(this.#stack, rows, cap);
    this.#samples = withRoom(this.#samples, rows, cap);
  }

  #appendBounds(window: WindowRows): void {
    const index = this.#windowCount++;
    this.#windowRow = withRoom(this.#windowRow, index + 2);
    this.#windowFromNs = withRoom(this.#windowFromNs, index + 1);
    this.#windowToNs = withRoom(this.#windowToNs, index + 1);
    this.#windowRow[index + 1] = this.#rowCount;
    this.#windowFromNs[index] = window.fromNs;
    this.#windowToNs[index] = window.toNs;
    this.#counters.push(window.counters);
  }

  /** Makes room for `next`: drops the oldest windows once a limit is passed, down to it less an eighth (rows). */
  #forget(next: WindowRows): void {
    const { rows, spanNs } = this.#limits;
    const tooMany = this.#rowCount + next.rows > rows;
    const tooLong = this.#windowCount > 0 && next.toNs - (this.#windowToNs[0] ?? 0) > spanNs * 1.125;
    if (!tooMany && !tooLong) return;
    const rowsKept = tooMany ? Math.max(0, Math.floor(rows * 0.875) - next.rows) : this.#rowCount;
    const oldestNs = next.toNs - spanNs;
    let first = 0;
    while (first < this.#windowCount && this.#dropped(first, rowsKept, oldestNs)) first++;
    this.#keepFrom(first, next.fromNs);
  }

  #dropped(window: number, rowsKept: number, oldestNs: number): boolean {
    return this.#rowCount - (this.#windowRow[window] ?? 0) > rowsKept || (this.#windowToNs[window] ?? 0) < oldestNs;
  }

  #keepFrom(first: number, nextFromNs: MonotonicNs): void {
    const row = this.#windowRow[first] ?? 0;
    this.#thread = tail(this.#thread, row, this.#rowCount);
    this.#cpu = tail(this.#cpu, row, this.#rowCount);
    this.#stack = tail(this.#stack, row, this.#rowCount);
    this.#samples = tail(this.#samples, row, this.#rowCount);
    const bounds = new Uint32Array(this.#windowRow.length);
    for (let i = first; i <= this.#windowCount; i++) bounds[i - first] = (this.#windowRow[i] ?? 0) - row;
    this.#windowRow = bounds;
    this.#windowFromNs = tail(this.#windowFromNs, first, this.#windowCount);
    this.#windowToNs = tail(this.#windowToNs, first, this.#windowCount);
    this.#counters = this.#counters.slice(first);
    this.#windowCount -= first;
    this.#rowCount -= row;
    this.#forgottenBeforeNs = this.#windowCount > 0 ? (this.#windowFromNs[0] ?? 0) : nextFromNs;
  }
}

/** Elements start..end of `from`, at the front of a new array of the same size. */
function tail(from: Uint32Array, start: number, end: number): Uint32Array;
function tail(from: Float64Array, start: number, end: number): Float64Array;
function tail(from: Uint32Array | Float64Array, start: number, end: number): Uint32Array | Float64Array {
  if (from instanceof Float64Array) {
    const kept = new Float64Array(from.length);
    kept.set(from.subarray(start, end));
    return kept;
  }
  const kept = new Uint32Array(from.length);
  kept.set(from.subarray(start, end));
  return kept;
}
