/**
 * Finds the row with the same key columns: open addressing over row numbers, no object per row.
 * Looks into columns that grow while it is used; a row is added after it was appended to them.
 */
import { COLUMN_FIELD } from './decode-window.ts';
import type { Column } from './generated/sonde_pb.ts';
import type { ProbeManifest } from './manifest.ts';

interface KeyColumn {
  readonly position: number;
  readonly field: 'u32' | 'u64' | 'blob';
}

export class RowIndex {
  private readonly keys: readonly KeyColumn[];
  private readonly columns: readonly Column[];
  /** Row number + 1; 0 = free. At most half full. */
  private slots = new Int32Array(64);
  private count = 0;

  constructor(manifest: ProbeManifest, columns: readonly Column[]) {
    this.columns = columns;
    this.keys = manifest.columns.flatMap(({ role, type }, position) =>
      role === 'key' ? [{ position, field: COLUMN_FIELD[type] }] : [],
    );
  }

  /** The indexed row whose key equals that of `row` in `columns`; -1 where there is none. The latest, if several. */
  find(columns: readonly Column[], row: number): number {
    let found = -1;
    for (let slot = this.slotOf(columns, row); ; slot = (slot + 1) % this.slots.length) {
      const candidate = (this.slots[slot] ?? 0) - 1;
      if (candidate < 0) return found;
      if (candidate > found && this.equal(candidate, columns, row)) found = candidate;
    }
  }

  add(row: number): void {
    if (this.count * 2 >= this.slots.length) this.grow();
    this.insert(row);
    this.count++;
  }

  private insert(row: number): void {
    let slot = this.slotOf(this.columns, row);
    while (this.slots[slot] !== 0) slot = (slot + 1) % this.slots.length;
    this.slots[slot] = row + 1;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.insert(entry - 1);
  }

  private slotOf(columns: readonly Column[], row: number): number {
    let hash = 0x811c9dc5;
    for (const { position, field } of this.keys)
      hash = Math.imul(hash ^ hashCell(columns[position], field, row), 0x9e3779b1);
    return ((hash ^ (hash >>> 15)) >>> 0) % this.slots.length;
  }

  private equal(candidate: number, columns: readonly Column[], row: number): boolean {
    for (const { position, field } of this.keys) {
      const a = this.columns[position]?.[field][candidate];
      const b = columns[position]?.[field][row];
      if (a !== b && !(a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b))) return false;
    }
    return true;
  }
}

function hashCell(column: Column | undefined, field: KeyColumn['field'], row: number): number {
  const cell = column?.[field][row];
  if (typeof cell === 'number') return Math.imul(cell, 0x85ebca6b);
  if (typeof cell === 'bigint') return Number(BigInt.asUintN(32, cell ^ (cell >> 32n)));
  let hash = cell?.length ?? 0;
  for (const byte of cell ?? []) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
