/**
 * The compact form of a column of numbers, for probes with many rows of which most cells are 0 and neighbours are alike:
 *
 *      no bytes: all are 0
 *      form │ values                          one for each row
 *      form │ runs │ lengths │ values         one for each row that is not 0
 *
 * All of them are varints. Lengths are of rows that are 0 and rows that are not, in turn; runs says how many lengths there
 * are. Form is a sum: 1 = with runs; 2 = a value is the zigzag difference to the one before (of the first: to 0); 4 = each
 * value is followed by how often it stands. A column with a grain counts in steps of it.
 */
import type { ColumnSpec, ColumnType } from './manifest.ts';
import { MAX_PACKED_BYTES, writePacked } from './packed.ts';
import { MAX_STEP, unzigzag, zigzag } from './zigzag.ts';

const SPARSE = 1;
const STEPS = 2;
const REPEATS = 4;
const MAX_U32 = 0xffff_ffff;
/** With a u32 key in front of it a row number must fit into 53 bits. */
const MAX_ORDERED_ROWS = 2 ** 21;
/** Ids given one after the other, and times of one second. */
const ALIKE: ReadonlySet<ColumnType> = new Set(['flow', 'stack', 'thread', 'time']);

type Numbers = ArrayLike<number>;
export type PackedSpec = Pick<ColumnSpec, 'type' | 'grainNs'>;

/** Makes the compact form of one column after the other in memory of its own. */
export class ColumnPacker {
  /** In which order rows are written. */
  readonly order: Uint32Array;
  private readonly rows: number;
  private readonly values: Float64Array;
  private readonly pairs: Float64Array;
  private readonly lengths: Uint32Array;
  private readonly bytes: Uint8Array;

  /** Rows beside those that are like them are small: they are written by rising `key`, where there is one. */
  constructor(rows: number, key: Numbers | null = null) {
    this.rows = rows;
    this.order = orderOf(rows, key);
    this.values = new Float64Array(rows);
    this.pairs = new Float64Array(rows);
    this.lengths = new Uint32Array(rows + 1);
    this.bytes = new Uint8Array(1 + (2 * rows + 2) * MAX_PACKED_BYTES);
  }

  /** Valid until the next call. */
  pack(column: Numbers, spec: PackedSpec): Uint8Array {
    const { bytes, lengths } = this;
    const zeros = this.takeInOrder(column);
    if (zeros === this.rows) return bytes.subarray(0, 0);
    // As many runs as zeros, and more: then they are not worth it, and need not be measured.
    const runs = zeros > 0 ? this.measureRuns() : 0;
    const isSparse = runs < zeros;
    const count = this.takeValues(spec.grainNs ?? 1, isSparse);
    const isSteps = ALIKE.has(spec.type) && this.makeSteps(count);
    const pairs = this.makePairs(count);
    bytes[0] = (isSparse ? SPARSE : 0) + (isSteps ? STEPS : 0) + (pairs > 0 ? REPEATS : 0);
    let end = 1;
    if (isSparse) {
      end = writePacked([runs], 1, bytes, end);
      end = writePacked(lengths, runs, bytes, end);
    }
    end = pairs > 0 ? writePacked(this.pairs, pairs, bytes, end) : writePacked(this.values, count, bytes, end);
    return bytes.subarray(0, end);
  }

  /** Gives how many are 0. A column of which all are, as many columns are, is only looked at. */
  private takeInOrder(column: Numbers): number {
    const { order, values, rows } = this;
    let first = 0;
    while (first < rows && column[first] === 0) first++;
    if (first === rows) return rows;
    let zeros = 0;
    for (let i = 0; i < rows; i++) {
      const value = column[order[i] as number] as number;
      if (value === 0) zeros++;
      values[i] = value;
    }
    return zeros;
  }

  /** Their lengths, in turn of rows that are 0 and rows that are not; zeros at the end are no run. Gives how many. */
  private measureRuns(): number {
    const { values, lengths, rows } = this;
    let runs = 0;
    let start = 0;
    for (let i = 0; i < rows; i++) {
      if ((values[i] === 0) === (runs % 2 === 0)) continue;
      lengths[runs++] = i - start;
      start = i;
    }
    if (runs % 2 === 1) lengths[runs++] = rows - start;
    return runs;
  }

  /** In place; gives how many. */
  private takeValues(grain: number, isSparse: boolean): number {
    const { values, rows } = this;
    if (!isSparse && grain === 1) return rows;
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const value = values[i] as number;
      if (value !== 0 || !isSparse) values[count++] = grain === 1 ? value : grains(value, grain);
    }
    return count;
  }

  /** False where a step is too wide to be exact; the values are then as they were. */
  private makeSteps(count: number): boolean {
    const { values } = this;
    for (let i = 1; i < count; i++)
      if (Math.abs((values[i] as number) - (values[i - 1] as number)) > MAX_STEP) return false;
    for (let i = count - 1; i > 0; i--) values[i] = zigzag((values[i] as number) - (values[i - 1] as number));
    values[0] = zigzag(values[0] as number);
    return true;
  }

  /** Each value once, with how often it stands; gives how many numbers that are, 0 where they would not be fewer. */
  private makePairs(count: number): number {
    const { values, pairs } = this;
    let end = 0;
    for (let i = 0; i < count; ) {
      const value = values[i] as number;
      let next = i + 1;
      while (next < count && values[next] === value) next++;
      if (end + 2 >= count) return 0;
      pairs[end++] = value;
      pairs[end++] = next - i;
      i = next;
    }
    return end;
  }
}

function orderOf(rows: number, key: Numbers | null): Uint32Array {
  const order = new Uint32Array(rows);
  const sorted = new Float64Array(rows);
  for (let row = 0; row < rows; row++) sorted[row] = (key?.[row] ?? 0) * MAX_ORDERED_ROWS + row;
  if (key) sorted.sort();
  for (let i = 0; i < rows; i++) order[i] = (sorted[i] as number) % MAX_ORDERED_ROWS;
  return order;
}

/** What is not 0 stays so: 0 has a meaning of its own. */
function grains(value: number, grain: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round(value / grain));
}

/** Into all of `into`. False where the bytes are not the compact form of so many rows; what came of them is then no use. */
export function unpackColumn(bytes: Uint8Array, spec: PackedSpec, into: Uint32Array | Float64Array): boolean {
  into.fill(0);
  if (bytes.length === 0) return true;
  const reader = new Varints(bytes);
  const form = reader.next();
  if (!(form <= SPARSE + STEPS + REPEATS)) return false;
  const lengths = (form & SPARSE) === 0 ? [0, into.length] : readLengths(reader, into.length);
  if (!lengths) return false;
  const values = new Values(reader, (form & STEPS) !== 0, (form & REPEATS) !== 0);
  const grain = spec.grainNs ?? 1;
  const most = into instanceof Uint32Array ? MAX_U32 : Number.MAX_VALUE;
  let row = 0;
  for (const [i, length] of lengths.entries()) {
    const end = row + length;
    for (; i % 2 === 1 && row < end; row++) {
      const value = values.next() * grain;
      if (!(value >= 0 && value <= most)) return false;
      into[row] = value;
    }
    row = end;
  }
  return reader.isAtEnd && values.isAtEnd;
}

/** null where there are more than rows. */
function readLengths(reader: Varints, rows: number): number[] | null {
  const runs = reader.next();
  if (!(runs <= rows + 1)) return null;
  const lengths: number[] = [];
  let sum = 0;
  for (let i = 0; i < runs; i++) {
    const length = reader.next();
    sum += length;
    if (!(sum <= rows)) return null;
    lengths.push(length);
  }
  return lengths;
}

/** One value after the other, NaN where there is none. */
class Values {
  private readonly reader: Varints;
  private readonly isSteps: boolean;
  private readonly isRepeats: boolean;
  private value = 0;
  private written = 0;
  /** How often `written` still stands. */
  private left = 0;

  constructor(reader: Varints, isSteps: boolean, isRepeats: boolean) {
    this.reader = reader;
    this.isSteps = isSteps;
    this.isRepeats = isRepeats;
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  next(): number {
    if (this.left === 0) {
      this.written = this.reader.next();
      this.left = this.isRepeats ? this.reader.next() : 1;
      if (!(this.left >= 1)) return Number.NaN;
    }
    this.left--;
    this.value = this.isSteps ? this.value + unzigzag(this.written) : this.written;
    return this.value;
  }
}

class Varints {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** NaN behind the end, and where a number has no end. */
  next(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < MAX_PACKED_BYTES; length++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return Number.NaN;
  }
}
