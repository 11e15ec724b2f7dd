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
/** By which the last byte of a longest number counts. */
const LAST_SCALE = 128 ** (MAX_PACKED_BYTES - 1);
/** With a u32 key in front of it a row number must fit into 53 bits. */
const MAX_ORDERED_ROWS = 2 ** 21;
/** Memory for so many, half a megabyte, is not given back. */
export const KEPT_ROWS = 1 << 13;
/** Ids given one after the other, and times of one second. */
const ALIKE: ReadonlySet<ColumnType> = new Set(['flow', 'stack', 'thread', 'time']);

type Numbers = ArrayLike<number>;
export type PackedSpec = Pick<ColumnSpec, 'type' | 'grainNs'>;

/** Makes the compact form of one column after the other in memory of its own. */
export class ColumnPacker {
  /** In which order rows are written. */
  order: Uint32Array = new Uint32Array(0);
  private room = 0;
  private rows = 0;
  private values = new Float64Array(0);
  private pairs = new Float64Array(0);
  private lengths = new Uint32Array(0);
  private bytes = new Uint8Array(0);

  /** Rows beside those that are like them are small: they are written by rising `key`, where there is one, or in `order`. */
  constructor(rows: number, key: Numbers | null = null, order: Uint32Array | null = null) {
    this.begin(rows, key, rows);
    if (order) this.order = order;
  }

  /** For other columns. `room`: for how many rows memory is made, where it must be. */
  begin(rows: number, key: Numbers | null, room: number): void {
    const isFarTooLarge = this.room > KEPT_ROWS && this.room > rows * 4;
    if (rows > this.room || isFarTooLarge) this.makeRoom(room);
    this.rows = rows;
    putOrder(this.order, rows, this.values, key);
  }

  private makeRoom(rows: number): void {
    this.room = rows;
    this.order = new Uint32Array(rows);
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

/** `scratch`: as long as `order`. */
function putOrder(order: Uint32Array, rows: number, scratch: Float64Array, key: Numbers | null): void {
  if (!key) {
    for (let row = 0; row < rows; row++) order[row] = row;
    return;
  }
  const sorted = scratch.subarray(0, rows);
  for (let row = 0; row < rows; row++) sorted[row] = (key[row] as number) * MAX_ORDERED_ROWS + row;
  sorted.sort();
  for (let i = 0; i < rows; i++) {
    const both = sorted[i] as number;
    order[i] = both - Math.floor(both / MAX_ORDERED_ROWS) * MAX_ORDERED_ROWS;
  }
}

/** What is not 0 stays so: 0 has a meaning of its own. */
function grains(value: number, grain: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round(value / grain));
}

/** Into all of `into`. False where the bytes are not the compact form of so many rows; what came of them is then no use. */
export function unpackColumn(bytes: Uint8Array, spec: PackedSpec, into: Uint32Array | Float64Array): boolean {
  into.fill(0);
  if (bytes.length === 0) return true;
  const written = readVarints(bytes);
  const form = written?.[0] ?? Number.NaN;
  if (!written || !(form <= SPARSE + STEPS + REPEATS)) return false;
  if ((form & SPARSE) === 0)
    return unpackValues(written.subarray(1), Float64Array.of(0, into.length), form, spec, into);
  const runs = written[1] ?? Number.NaN;
  const lengths = runs <= into.length + 1 ? written.subarray(2, 2 + runs) : written;
  if (lengths.length !== runs || total(lengths) > into.length) return false;
  return unpackValues(written.subarray(2 + runs), lengths, form, spec, into);
}

/** One loop without a call for each number: columns have hundreds of thousands. */
function unpackValues(
  written: Float64Array,
  lengths: Float64Array,
  form: number,
  { grainNs: grain = 1 }: PackedSpec,
  into: Uint32Array | Float64Array,
): boolean {
  const isSteps = (form & STEPS) !== 0;
  const isRepeats = (form & REPEATS) !== 0;
  const most = into instanceof Uint32Array ? MAX_U32 : Number.MAX_VALUE;
  let at = 0;
  let value = 0;
  let next = 0;
  /** How often `next` still stands. */
  let left = 0;
  let row = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = row + (lengths[i] as number);
    if (i % 2 === 0) row = end;
    for (; row < end; row++) {
      if (left === 0) {
        if (at + (isRepeats ? 1 : 0) >= written.length) return false;
        next = written[at++] as number;
        left = isRepeats ? (written[at++] as number) : 1;
        if (left < 1) return false;
      }
      left--;
      value = isSteps ? value + unzigzag(next) : next;
      const cell = value * grain;
      if (!(cell >= 0 && cell <= most)) return false;
      into[row] = cell;
    }
  }
  return at === written.length && left === 0;
}

/** null where the last one has no end, or one has more bytes than a number can have. */
function readVarints(bytes: Uint8Array): Float64Array | null {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) < 0x80) count++;
  const numbers = new Float64Array(count);
  let found = 0;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (scale > LAST_SCALE) return null;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    numbers[found++] = value;
    value = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : null;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
