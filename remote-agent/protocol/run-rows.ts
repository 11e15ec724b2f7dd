/** The rows of many windows of one probe, sorted by what they count: like rows stand side by side. */
import { create } from '@bufbuild/protobuf';
import { ColumnPacker, type PackedSpec } from './columns.ts';
import { COLUMN_FIELD } from './decode-window.ts';
import { type RunColumn, RunColumnSchema } from './generated/sonde_pb.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';
import { findProbe } from './probes/index.ts';
import { sortRows } from './sort-rows.ts';
import type { ColumnData, WindowSignal } from './signal.ts';
import { combined } from './window-sum.ts';

/** A plain number, and one that is near the one before it. */
export const NUMBER: PackedSpec = { type: 'count64' };
export const RISING: PackedSpec = { type: 'time' };

type Numbers = Uint32Array | Float64Array;

export interface OrderedWindow {
  readonly order: number;
  readonly window: WindowSignal;
}

/** Counts, that is: rows that can be in any order and added up. Others are single events. */
export function isCounted({ columns }: ProbeManifest): boolean {
  return columns.every(({ type, role }) => COLUMN_FIELD[type] !== 'blob' && !(role === 'key' && type === 'time'));
}

export class RunRows {
  readonly windows: readonly OrderedWindow[];
  readonly manifest: ProbeManifest;
  readonly count: number;
  private readonly specs: readonly ColumnSpec[];
  private readonly columnsOfAll: readonly ColumnData[];
  private readonly windowOf: Uint32Array;
  private readonly order: Uint32Array;
  private readonly packer: ColumnPacker;

  /** Of one probe that is known here, in order, at least one. */
  constructor(windows: readonly OrderedWindow[]) {
    const [first] = windows;
    const manifest = first && findProbe(first.window.probe);
    if (!manifest) throw new Error('a run of no windows');
    this.windows = windows;
    this.manifest = manifest;
    this.specs = manifest.columns.slice(0, first.window.columns.length);
    this.count = windows.reduce((sum, { window }) => sum + window.rows, 0);
    this.windowOf = new Uint32Array(this.count);
    let end = 0;
    for (const [i, { window }] of windows.entries()) this.windowOf.fill(i, end, (end += window.rows));
    this.columnsOfAll = this.specs.map((spec, i) => joined(windows, spec, i, this.count));
    // Rows are numbered by window: of equal ones the earlier comes first.
    this.order = sortRows(this.count, isCounted(manifest) ? this.keys() : []);
    this.packer = new ColumnPacker(this.count, null, this.order);
  }

  windowColumn(): Uint8Array<ArrayBuffer> {
    return this.pack(this.windowOf, RISING);
  }

  columns(): RunColumn[] {
    return this.specs.map((spec, i) => {
      const column = this.columnsOfAll[i] as ColumnData;
      if (!isNumbers(column)) return create(RunColumnSchema, { blob: [...column] });
      if (spec.fades) return this.based(column);
      return this.smallest(column, spec, i);
    });
  }

  /**
   * The cells of the rows as one window, as WindowSum would add them up: equal rows stand side by side here, so they need
   * not be looked for. null where a sum would not be exact.
   */
  sum(): Numbers[] | null {
    const groups = this.groups();
    const columns = this.manifest.columns.map((spec, i) => this.sumOf(spec, this.columnsOfAll[i] as Numbers, groups));
    return columns.every((column) => column !== null) ? columns : null;
  }

  /** The place in `order` at which each group of equal rows begins, and the end. */
  private groups(): Uint32Array {
    const { order, count } = this;
    const begins = new Uint8Array(count).fill(1, 0, 1);
    for (const key of this.keys())
      for (let at = 1; at < count; at++) if (key[order[at] as number] !== key[order[at - 1] as number]) begins[at] = 1;
    const groups = new Uint32Array(count + 1);
    let found = 0;
    for (let at = 0; at < count; at++) if (begins[at] === 1) groups[found++] = at;
    groups[found++] = count;
    return groups.subarray(0, found);
  }

  private sumOf({ type, role, fades }: ColumnSpec, column: Numbers | undefined, groups: Uint32Array): Numbers | null {
    const isU32 = COLUMN_FIELD[type] === 'u32';
    const cells = isU32 ? new Uint32Array(groups.length - 1) : new Float64Array(groups.length - 1);
    if (!column || fades) return cells;
    const most = isU32 ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
    for (let group = 0; group < cells.length; group++) {
      const end = groups[group + 1] as number;
      let at = groups[group] as number;
      let value = column[this.order[at] as number] as number;
      if (role !== 'key') while (++at < end) value = combined(role, value, column[this.order[at] as number] as number);
      if (value > most) return null;
      cells[group] = value;
    }
    return cells;
  }

  private keys(): Numbers[] {
    return this.specs.flatMap(({ role, fades }, i) =>
      role === 'key' && !fades ? [this.columnsOfAll[i] as Numbers] : [],
    );
  }

  private pack(column: Numbers, spec: PackedSpec): Uint8Array<ArrayBuffer> {
    return this.packer.pack(column, spec).slice() as Uint8Array<ArrayBuffer>;
  }

  /** What is near one value in each window: that one once, and how far from it. */
  private based(column: Numbers): RunColumn {
    const { windowOf, count } = this;
    const bases = new Float64Array(this.windows.length).fill(Number.POSITIVE_INFINITY);
    for (let row = 0; row < count; row++) {
      const window = windowOf[row] as number;
      if ((column[row] as number) < (bases[window] as number)) bases[window] = column[row] as number;
    }
    for (let i = 0; i < bases.length; i++) if (!Number.isFinite(bases[i])) bases[i] = 0;
    const rest = new Float64Array(count);
    for (let row = 0; row < count; row++)
      rest[row] = (column[row] as number) - (bases[windowOf[row] as number] as number);
    return create(RunColumnSchema, {
      compact: this.pack(rest, NUMBER),
      base: new ColumnPacker(bases.length).pack(bases, NUMBER).slice(),
    });
  }

  /** A sum of one is its longest: what two columns have in common is written once. */
  private smallest(column: Numbers, { type }: ColumnSpec, i: number): RunColumn {
    let best = create(RunColumnSchema, { compact: this.pack(column, { type }) });
    if (COLUMN_FIELD[type] !== 'u64') return best;
    for (const [other, spec] of this.specs.entries()) {
      const base = this.columnsOfAll[other];
      if (other <= i || spec.type !== type || !(base instanceof Float64Array)) continue;
      const rest = differences(column, base);
      const compact = rest && this.pack(rest, { type });
      if (compact && compact.length < best.compact.length) best = create(RunColumnSchema, { compact, plus: other + 1 });
    }
    return best;
  }
}

/** null where one is below 0, or not exact. */
function differences(column: Numbers, base: Numbers): Float64Array | null {
  const rest = new Float64Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = (column[row] as number) - (base[row] as number);
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return null;
    rest[row] = value;
  }
  return rest;
}

function isNumbers(column: ColumnData): column is Numbers {
  return column instanceof Uint32Array || column instanceof Float64Array;
}

function joined(windows: readonly OrderedWindow[], { type }: ColumnSpec, i: number, count: number): ColumnData {
  const field = COLUMN_FIELD[type];
  if (field === 'blob') return windows.flatMap(({ window }) => [...(window.columns[i] as readonly Uint8Array[])]);
  const all = field === 'u32' ? new Uint32Array(count) : new Float64Array(count);
  let end = 0;
  for (const { window } of windows) {
    all.set(window.columns[i] as Uint32Array, end);
    end += window.rows;
  }
  return all;
}
