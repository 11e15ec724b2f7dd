/**
 * Columns for the windows of one probe, one window after the other in the same place: of a busy probe they are half a
 * megabyte, and made anew each second they would stay until the engine looks for what nobody uses.
 */
import { COLUMN_FIELD } from './decode-window.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';

/** What a u64 column holds is exact up to 2^53: as nanoseconds, 104 days. Times beyond that are to 2 ns. */
export type SumColumn = Uint32Array | Float64Array | Uint8Array[];

export interface SumMemory {
  readonly columns: SumColumn[];
  /** Twice as many as a column has cells. */
  readonly slots: Int32Array;
}

/** A window that needs much less than there is gets its own. */
const TOO_MUCH = 4;

export class WindowMemory {
  private readonly manifest: ProbeManifest;
  private spare: SumMemory | null = null;

  constructor(manifest: ProbeManifest) {
    this.manifest = manifest;
  }

  /** Room for at least so many rows; all slots are 0, and what stands in the columns means nothing. */
  take(capacity: number): SumMemory {
    const { spare } = this;
    this.spare = null;
    const cells = (spare?.slots.length ?? 0) / 2;
    if (!spare || cells < capacity || cells > capacity * TOO_MUCH) return this.made(capacity);
    spare.slots.fill(0);
    return { columns: spare.columns.map((column) => (Array.isArray(column) ? [] : column)), slots: spare.slots };
  }

  give(memory: SumMemory): void {
    this.spare = memory;
  }

  private made(capacity: number): SumMemory {
    const columns = this.manifest.columns.map((spec) => emptyColumn(spec, capacity));
    return { columns, slots: new Int32Array(capacity * 2) };
  }
}

function emptyColumn({ type }: ColumnSpec, capacity: number): SumColumn {
  const field = COLUMN_FIELD[type];
  return field === 'u32' ? new Uint32Array(capacity) : field === 'u64' ? new Float64Array(capacity) : [];
}
