/**
 * A window that is being added up, in the agent. Rows with equal keys become one as they come: time resolution may be
 * lost by merging, and nothing else; every sum column and every counter is the sum of what went in. The manifest's roles
 * say how rows become one.
 *
 *      nextRow() ─▶ write the cells of that row into `columns` ─▶ commit(): a row of its own, or added to its equal
 */
import { create } from '@bufbuild/protobuf';
import { type Counters, CountersSchema, LostSchema } from './generated/sonde_pb.ts';
import type { ColumnRole, ProbeManifest } from './manifest.ts';
import { type SumColumn, WindowMemory } from './window-memory.ts';

const MIN_CAPACITY = 64;
const MAX_U32 = 0xffff_ffff;

export interface WindowFacts {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly counters: Counters;
  /** How many drains of the kernel's tables are in it. */
  readonly drains: number;
}

export class WindowSum {
  readonly manifest: ProbeManifest;
  fromNs: bigint;
  toNs: bigint;
  readonly counters: Counters;
  drains: number;
  rows = 0;
  /** In the manifest's order; replaced when they grow, so they are asked for after nextRow(). */
  columns: SumColumn[];
  /** A power of two. */
  private capacity: number;
  /** Row number + 1; 0 = free. At most half full. */
  private slots: Int32Array;
  /** 32 - log2 of the number of slots: the upper bits of the hash are the good ones. */
  private shift: number;
  /** Numbers of the columns. */
  private readonly keys: readonly number[];
  private readonly values: readonly number[];
  /** Keys that are not known any more once windows are merged. */
  private readonly fading: readonly number[];
  private readonly memory: WindowMemory;

  /** `rows`: as many as are expected; more find room too. */
  constructor(
    manifest: ProbeManifest,
    { fromNs, toNs, counters, drains }: WindowFacts,
    rows = 0,
    memory = new WindowMemory(manifest),
  ) {
    this.manifest = manifest;
    this.memory = memory;
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.counters = counters;
    this.drains = drains;
    const { columns, slots } = memory.take(2 ** (32 - Math.clz32(Math.max(rows, MIN_CAPACITY) - 1)));
    this.columns = columns;
    this.slots = slots;
    this.capacity = slots.length / 2;
    this.shift = Math.clz32(slots.length) + 1;
    const positions = [...manifest.columns.keys()];
    this.keys = positions.filter((i) => manifest.columns[i]?.role === 'key');
    this.values = positions.filter((i) => manifest.columns[i]?.role !== 'key');
    this.fading = positions.filter((i) => manifest.columns[i]?.fades);
  }

  /** The number under which the cells of the next row are to be written. */
  nextRow(): number {
    if (this.rows === this.capacity) this.grow();
    return this.rows;
  }

  /** The row that was written under nextRow() counts. */
  commit(): void {
    const row = this.rows;
    const last = this.slots.length - 1;
    let slot = this.slotOf(row);
    for (let taken = this.slots[slot] as number; taken !== 0; taken = this.slots[slot] as number) {
      if (this.equal(taken - 1, row) && this.fits(taken - 1, row)) return this.combine(taken - 1, row);
      slot = slot === last ? 0 : slot + 1;
    }
    this.slots[slot] = row + 1;
    this.rows = row + 1;
  }

  add(other: WindowSum): void {
    if (other.manifest !== this.manifest)
      throw new Error(`merging windows of ${this.manifest.id} and ${other.manifest.id}`);
    this.fromNs = this.fromNs < other.fromNs ? this.fromNs : other.fromNs;
    this.toNs = this.toNs > other.toNs ? this.toNs : other.toNs;
    this.drains += other.drains;
    addCounters(this.counters, other.counters);
    this.fade();
    for (let row = 0; row < other.rows; row++) this.copyRow(other.columns, row);
  }

  /** Without its rows; what they stood for is counted as lost. For when there is room for nothing else. */
  empty(cause: string): void {
    addLost(this.counters, cause, this.counters.kept);
    this.counters.kept = 0n;
    this.counters.incompleteStacks = 0n;
    this.rows = 0;
    this.slots.fill(0);
  }

  /** Gives its memory to the next window. It has no rows then. */
  release(): void {
    this.rows = 0;
    this.memory.give({ columns: this.columns, slots: this.slots });
    this.columns = [];
  }

  /** Rows that only a fading key told apart become one. */
  private fade(): void {
    const isFaded = (at: number) =>
      (this.columns[at] as Uint32Array).subarray(0, this.rows).every((cell) => cell === 0);
    if (this.fading.every(isFaded)) return;
    const { rows } = this;
    this.rows = 0;
    this.slots.fill(0);
    // In place: a row is never written behind the one that is read.
    for (let row = 0; row < rows; row++) this.copyRow(this.columns, row);
  }

  private copyRow(from: readonly SumColumn[], row: number): void {
    const next = this.nextRow();
    for (let i = 0; i < this.columns.length; i++)
      (this.columns[i] as Uint32Array)[next] = (from[i] as Uint32Array)[row] as number;
    for (let i = 0; i < this.fading.length; i++) (this.columns[this.fading[i] as number] as Uint32Array)[next] = 0;
    this.commit();
  }

  private slotOf(row: number): number {
    const { keys, columns } = this;
    let hash = 0x811c9dc5;
    for (let i = 0; i < keys.length; i++) {
      const column = columns[keys[i] as number] as SumColumn;
      const cell = column instanceof Uint32Array ? (column[row] as number) : hashCell(column[row]);
      hash = Math.imul(hash ^ cell, 0x9e3779b1);
    }
    return hash >>> this.shift;
  }

  private equal(a: number, b: number): boolean {
    const { keys, columns } = this;
    for (let i = 0; i < keys.length; i++) {
      const column = columns[keys[i] as number] as Uint32Array;
      if (column[a] !== column[b] && !(Array.isArray(column) && equalBytes(column[a], column[b]))) return false;
    }
    return true;
  }

  /** A sum that would not be exact any more stays a row of its own: totals stay exact. */
  private fits(a: number, b: number): boolean {
    const { values, columns, manifest } = this;
    for (let i = 0; i < values.length; i++) {
      const at = values[i] as number;
      if (manifest.columns[at]?.role !== 'sum') continue;
      const column = columns[at] as Uint32Array | Float64Array;
      const limit = column instanceof Uint32Array ? MAX_U32 : Number.MAX_SAFE_INTEGER;
      if ((column[a] as number) + (column[b] as number) > limit) return false;
    }
    return true;
  }

  private combine(a: number, b: number): void {
    const { values, columns, manifest } = this;
    for (let i = 0; i < values.length; i++) {
      const at = values[i] as number;
      const column = columns[at] as SumColumn;
      if (Array.isArray(column)) {
        if (column[a]?.length === 0) column[a] = column[b] as Uint8Array;
      } else column[a] = combined(manifest.columns[at]?.role, column[a] as number, column[b] as number);
    }
  }

  private grow(): void {
    this.capacity *= 2;
    this.columns = this.columns.map((column) => grown(column, this.capacity));
    this.slots = new Int32Array(this.capacity * 2);
    this.shift -= 1;
    const last = this.slots.length - 1;
    for (let row = 0; row < this.rows; row++) {
      let slot = this.slotOf(row);
      while (this.slots[slot] !== 0) slot = slot === last ? 0 : slot + 1;
      this.slots[slot] = row + 1;
    }
  }
}

/** One cell of two rows that become one, of which `b` is the later. */
export function combined(role: ColumnRole | undefined, a: number, b: number): number {
  switch (role) {
    case 'sum':
      return a + b;
    case 'max':
      return b > a ? b : a;
    case 'last':
      return b === 0 ? a : b;
    case 'min':
      return a === 0 || (b !== 0 && b < a) ? b : a;
    default:
      return a === 0 ? b : a;
  }
}

export function addLost(counters: Counters, cause: string, count: bigint): void {
  if (count === 0n) return;
  const entry = counters.lost.find((lost) => lost.cause === cause);
  if (entry) entry.count += count;
  else counters.lost.push(create(LostSchema, { cause, count }));
}

export function emptyCounters(): Counters {
  return create(CountersSchema);
}

function addCounters(to: Counters, more: Counters): void {
  to.seen += more.seen;
  to.kept += more.kept;
  to.idle += more.idle;
  to.filtered += more.filtered;
  to.incompleteStacks += more.incompleteStacks;
  for (const { cause, count } of more.lost) addLost(to, cause, count);
}

function grown(column: SumColumn, capacity: number): SumColumn {
  if (Array.isArray(column)) return column;
  const larger = column instanceof Uint32Array ? new Uint32Array(capacity) : new Float64Array(capacity);
  larger.set(column);
  return larger;
}

function hashCell(cell: number | Uint8Array | undefined): number {
  if (typeof cell === 'number') return cell ^ (cell / 2 ** 32);
  let hash = 0;
  for (const byte of cell ?? []) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
