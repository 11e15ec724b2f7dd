import type { ColumnType, ProbeManifest } from '../../remote-agent/protocol/manifest.ts';
import type { ColumnData, Counters, MonotonicNs, WindowSignal } from '../../remote-agent/protocol/signal.ts';
import { BlobPool } from './blob-pool.ts';
import { withRoom } from './growable.ts';
import type { Column, ProbeColumns } from './model.ts';

/** Of one probe. */
export interface RingLimits {
  /** Of its rows, four for each value at least; the different values of its blobs may take half of that besides. */
  readonly bytes: number;
  readonly spanNs: number;
}

/**
 * A live session runs for days. 64 MB are 4 M rows of 16 bytes, two hours of a 4-core box sampled at 99 Hz at its very
 * worst; or 2.3 M rows of 28 bytes, two hours of a box whose system calls make 320 rows a second, 38 minutes at 1,000;
 * or 0.9 M rows of 72 bytes, two hours of a box on which 120 flows a second talk, 15 minutes at 1,000.
 */
export const LIVE_LIMITS: RingLimits = { bytes: 64e6, spanNs: 2 * 3600e9 };
/** A recording is finite, and what is forgotten here could not be shown at all. */
export const REPLAY_LIMITS: RingLimits = { bytes: 256e6, spanNs: Number.POSITIVE_INFINITY };

const BLOBS: ReadonlySet<ColumnType> = new Set(['blob', 'file']);
/** Each column begins as the first and becomes another with the first value that needs it. */
const WIDTHS = [
  { most: 0xff, make: Uint8Array },
  { most: 0xffff, make: Uint16Array },
  { most: 0xffff_ffff, make: Uint32Array },
  { most: Number.POSITIVE_INFINITY, make: Float64Array },
] as const;
/** What a row counts at least for each of its columns: the most rows there are must not depend on how small they are. */
const COLUMN_BYTES = 4;
const FIRST_ROWS = 4096;
const BLOBS_SHARE = 0.5;

/**
 * All kept windows of one probe as the columns of its manifest, oldest first and always contiguous, because every view
 * walks them in order.
 *
 * Appending writes behind what was published, and forgetting copies what stays into new arrays: whoever holds older
 * columns may go on reading them. Forgetting drops an eighth at once, so its copy is paid once per eighth. Columns
 * are as narrow as what they hold: on a quiet box that is half of what they may take.
 */
export class WindowRing {
  readonly #manifest: ProbeManifest;
  readonly #mostBytes: number;
  readonly #mostBlobBytes: number;
  readonly #spanNs: number;
  #blobs = new BlobPool();
  #columns: readonly Column[];
  #mostRows: number;
  #rowCount = 0;
  #windowRow: Uint32Array = new Uint32Array(256);
  #windowFromNs: Float64Array = new Float64Array(256);
  #windowToNs: Float64Array = new Float64Array(256);
  #counters: Counters[] = [];
  #windowCount = 0;
  #forgottenBeforeNs = 0;
  #rowsForgotten = 0;
  #windowsForgotten = 0;
  #version = 0;

  constructor(manifest: ProbeManifest, limits: RingLimits) {
    this.#manifest = manifest;
    this.#mostBytes = limits.bytes;
    this.#mostBlobBytes = limits.bytes * BLOBS_SHARE;
    this.#spanNs = limits.spanNs;
    // How many different blobs there will be is not known before they are there.
    this.#columns = manifest.columns.map(({ type }) =>
      BLOBS.has(type) ? new Uint32Array(FIRST_ROWS) : new Uint8Array(FIRST_ROWS),
    );
    this.#mostRows = mostRows(limits.bytes, this.#columns);
  }

  append(window: WindowSignal): void {
    this.#widen(window);
    this.#forget(window);
    const row = this.#rowCount;
    this.#rowCount = row + window.rows;
    this.#columns = this.#columns.map((column) => withRoom(column, this.#rowCount, this.#mostRows));
    for (const [i, column] of this.#columns.entries()) {
      const values = window.columns[i];
      if (values instanceof Uint32Array || values instanceof Float64Array) column.set(values, row);
      // A column that came without values counts as zeros.
      else values?.forEach((blob, at) => (column[row + at] = this.#blobs.intern(blob)));
    }
    this.#appendBounds(window);
    this.#version++;
  }

  /** Takes the place of `other`, as if all rows of that were forgotten: whoever made something of them sees that they are gone. */
  follow(other: WindowRing): void {
    this.#version += other.#version + 1;
    this.#rowsForgotten += other.#rowsForgotten + other.#rowCount;
    this.#windowsForgotten += other.#windowsForgotten + other.#windowCount;
  }

  published(): ProbeColumns {
    return {
      manifest: this.#manifest,
      version: this.#version,
      rowCount: this.#rowCount,
      columns: this.#columns,
      blobs: this.#blobs.values,
      windowCount: this.#windowCount,
      windowRow: this.#windowRow,
      windowFromNs: this.#windowFromNs,
      windowToNs: this.#windowToNs,
      windowCounters: this.#counters,
      forgottenBeforeNs: this.#forgottenBeforeNs,
      rowsForgotten: this.#rowsForgotten,
      windowsForgotten: this.#windowsForgotten,
    };
  }

  #widen({ columns }: WindowSignal): void {
    const wide = this.#columns.map((column, i) => wideEnough(column, columns[i]));
    if (wide.every((column, i) => column === this.#columns[i])) return;
    this.#columns = wide;
    this.#mostRows = mostRows(this.#mostBytes, wide);
  }

  #appendBounds(window: WindowSignal): void {
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
  #forget(next: WindowSignal): void {
    const tooMany = this.#rowCount + next.rows > this.#mostRows;
    const tooLong = this.#windowCount > 0 && next.toNs - (this.#windowToNs[0] ?? 0) > this.#spanNs * 1.125;
    const tooVaried = this.#blobs.bytes > this.#mostBlobBytes;
    if (!tooMany && !tooLong && !tooVaried) return;
    const full = tooMany ? this.#mostRows : tooVaried ? this.#rowCount : null;
    const rowsKept = full === null ? this.#rowCount : Math.max(0, Math.floor(full * 0.875) - next.rows);
    const oldestNs = next.toNs - this.#spanNs;
    let first = 0;
    while (first < this.#windowCount && this.#dropped(first, rowsKept, oldestNs)) first++;
    this.#keepFrom(first, next.fromNs);
  }

  /** Leaves out the values that only forgotten rows had. The columns are already this ring's own copies. */
  #renewBlobs(rows: number): void {
    const { values } = this.#blobs;
    this.#blobs = new BlobPool();
    for (const [i, { type }] of this.#manifest.columns.entries()) {
      const column = this.#columns[i];
      if (!BLOBS.has(type) || !column) continue;
      for (let row = 0; row < rows; row++) column[row] = this.#blobs.intern(values[column[row]!]!);
    }
  }

  #dropped(window: number, rowsKept: number, oldestNs: number): boolean {
    return this.#rowCount - (this.#windowRow[window] ?? 0) > rowsKept || (this.#windowToNs[window] ?? 0) < oldestNs;
  }

  #keepFrom(first: number, nextFromNs: MonotonicNs): void {
    const row = this.#windowRow[first] ?? 0;
    this.#columns = this.#columns.map((column) => tail(column, row, this.#rowCount));
    this.#renewBlobs(this.#rowCount - row);
    const bounds = new Uint32Array(this.#windowRow.length);
    for (let i = first; i <= this.#windowCount; i++) bounds[i - first] = (this.#windowRow[i] ?? 0) - row;
    this.#windowRow = bounds;
    this.#windowFromNs = tail(this.#windowFromNs, first, this.#windowCount);
    this.#windowToNs = tail(this.#windowToNs, first, this.#windowCount);
    this.#counters = this.#counters.slice(first);
    this.#windowCount -= first;
    this.#rowCount -= row;
    this.#windowsForgotten += first;
    this.#rowsForgotten += row;
    this.#forgottenBeforeNs = this.#windowCount > 0 ? (this.#windowFromNs[0] ?? 0) : nextFromNs;
  }
}

function mostRows(bytes: number, columns: readonly Column[]): number {
  return Math.floor(bytes / columns.reduce((sum, column) => sum + Math.max(COLUMN_BYTES, column.BYTES_PER_ELEMENT), 0));
}

/** `column`, or a copy that holds `values`, too. */
function wideEnough(column: Column, values: ColumnData | undefined): Column {
  if (!(values instanceof Uint32Array || values instanceof Float64Array)) return column;
  if (values.BYTES_PER_ELEMENT <= column.BYTES_PER_ELEMENT) return column;
  let largest = 0;
  for (let row = 0; row < values.length; row++) if (values[row]! > largest) largest = values[row]!;
  const { make } = WIDTHS.find(({ most }) => largest <= most) ?? WIDTHS[3];
  return make.BYTES_PER_ELEMENT > column.BYTES_PER_ELEMENT ? make.from(column) : column;
}

/** Elements start..end of `from`, at the front of a new array of the same size. */
function tail<Array extends Column>(from: Array, start: number, end: number): Array {
  const kept = new (from.constructor as new (length: number) => Array)(from.length);
  kept.set(from.subarray(start, end));
  return kept;
}
