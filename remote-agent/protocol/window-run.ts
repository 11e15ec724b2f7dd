/**
 * Many windows of one probe as one message: small, because like rows stand side by side, and quick to read, because
 * there are no messages within. The same windows come out as went in; the rows of a window in another order, where they
 * are counts.
 */
import { create } from '@bufbuild/protobuf';
import { ColumnPacker, type PackedSpec } from './columns.ts';
import { COLUMN_FIELD } from './decode-window.ts';
import { type RunColumn, RunColumnSchema, type WindowRun, WindowRunSchema } from './generated/sonde_pb.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';
import { findProbe } from './probes/index.ts';
import type { ColumnData, Counters, WindowSignal } from './signal.ts';

/** A plain number, and one that is near the one before it. */
export const NUMBER: PackedSpec = { type: 'count64' };
export const RISING: PackedSpec = { type: 'time' };

export function packNumbers(values: ArrayLike<number>, spec: PackedSpec): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new ColumnPacker(values.length).pack(values, spec));
}

export interface OrderedWindow {
  readonly order: number;
  readonly window: WindowSignal;
}

/** Counts, that is: rows that can be in any order and added up. Others are single events. */
export function isCounted({ columns }: ProbeManifest): boolean {
  return columns.every(({ type, role }) => COLUMN_FIELD[type] !== 'blob' && !(role === 'key' && type === 'time'));
}

/** Whether both may stand in one run. */
function fitsRun(run: readonly OrderedWindow[], next: WindowSignal): boolean {
  const first = run[0]?.window;
  if (!first) return true;
  if (first.probe !== next.probe || first.columns.length !== next.columns.length) return false;
  // In a run the causes of loss have one order.
  return next.counters.lost.length === 0 || run.every(({ window }) => sameOrder(window.counters, next.counters));
}

function sameOrder(a: Counters, b: Counters): boolean {
  if (a.lost.length === 0) return true;
  return a.lost.length === b.lost.length && a.lost.every(({ cause }, i) => cause === b.lost[i]?.cause);
}

/** A run is read as a whole. */
const MOST_RUN_ROWS = 1 << 19;

/** As few runs as can be. */
export function* runsOf(windows: readonly OrderedWindow[]): Generator<readonly OrderedWindow[]> {
  let run: OrderedWindow[] = [];
  let rows = 0;
  for (const each of windows) {
    rows += each.window.rows;
    if (run.length > 0 && (rows > MOST_RUN_ROWS || !fitsRun(run, each.window))) {
      yield run;
      run = [];
      rows = each.window.rows;
    }
    run.push(each);
  }
  if (run.length > 0) yield run;
}

/** Of one probe that is known here, in order, at least one. */
export function encodeRun(windows: readonly OrderedWindow[]): WindowRun {
  const [first] = windows;
  const manifest = first && findProbe(first.window.probe);
  if (!manifest) throw new Error('a run of no windows');
  const list = numbersOf(windows.length);
  const counters = (of: (counters: Counters) => number) => list(({ window }) => of(window.counters), NUMBER);
  const rows = new RunRows(windows, manifest);
  function numbersOf(count: number) {
    const packer = new ColumnPacker(count);
    return (of: (window: OrderedWindow) => number, spec: PackedSpec) => packer.pack(windows.map(of), spec).slice();
  }
  return create(WindowRunSchema, {
    probe: manifest.id,
    windows: windows.length,
    rows: rows.count,
    order: list(({ order }) => order, RISING),
    from: list(({ window }) => window.fromNs, RISING),
    length: list(({ window }) => window.toNs - window.fromNs, NUMBER),
    drains: list(({ window }) => window.drains, NUMBER),
    seen: counters(({ seen }) => seen),
    kept: counters(({ kept }) => kept),
    idle: counters(({ idle }) => idle),
    filtered: counters(({ filtered }) => filtered),
    incompleteStacks: counters(({ incompleteStacks }) => incompleteStacks),
    lost: (windows.find(({ window }) => window.counters.lost.length > 0)?.window.counters.lost ?? []).map(
      ({ cause }) => ({
        cause,
        count: counters(({ lost }) => (lost.find((entry) => entry.cause === cause)?.count ?? -1) + 1),
      }),
    ),
    window: rows.windowColumn(),
    columns: rows.columns(),
  });
}

/** The rows of all windows, sorted where their order means nothing. */
class RunRows {
  readonly count: number;
  private readonly specs: readonly ColumnSpec[];
  private readonly columnsOfAll: readonly ColumnData[];
  private readonly windowOf: Uint32Array;
  private readonly order: Uint32Array;
  private readonly packer: ColumnPacker;
  private readonly windows: readonly OrderedWindow[];

  constructor(windows: readonly OrderedWindow[], manifest: ProbeManifest) {
    this.windows = windows;
    this.specs = manifest.columns.slice(0, windows[0]?.window.columns.length);
    this.count = windows.reduce((sum, { window }) => sum + window.rows, 0);
    this.windowOf = new Uint32Array(this.count);
    let end = 0;
    for (const [i, { window }] of windows.entries()) this.windowOf.fill(i, end, (end += window.rows));
    this.columnsOfAll = this.specs.map((spec, i) => joined(windows, spec, i, this.count));
    this.order = new Uint32Array(this.count);
    for (let row = 0; row < this.count; row++) this.order[row] = row;
    if (isCounted(manifest)) this.sort();
    this.packer = new ColumnPacker(this.count);
  }

  windowColumn(): Uint8Array<ArrayBuffer> {
    return this.packer.pack(this.sorted(this.windowOf), RISING).slice() as Uint8Array<ArrayBuffer>;
  }

  columns(): RunColumn[] {
    return this.specs.map((spec, i) => {
      const column = this.columnsOfAll[i] as ColumnData;
      if (!isNumbers(column)) return create(RunColumnSchema, { blob: [...column] });
      if (spec.fades) return this.based(column);
      return this.smallest(column, spec, i);
    });
  }

  /** By what they count, then by time. */
  private sort(): void {
    const keys = this.specs.flatMap(({ role, fades }, i) =>
      role === 'key' && !fades ? [this.columnsOfAll[i] as Uint32Array] : [],
    );
    if (this.sortAsNumbers(keys)) return;
    // Rows are numbered by window: of equal ones the earlier comes first.
    this.order.sort((a, b) => {
      for (const key of keys) {
        const difference = (key[a] as number) - (key[b] as number);
        if (difference !== 0) return difference;
      }
      return a - b;
    });
  }

  /** All keys of a row and its number in one number: sorted ten times as fast. False where they do not fit into one. */
  private sortAsNumbers(keys: readonly Uint32Array[]): boolean {
    const { count, order } = this;
    const all = new Float64Array(count);
    let size = 1;
    for (const key of keys) {
      const values = highest(key) + 1;
      if (size * values * count > Number.MAX_SAFE_INTEGER) return false;
      size *= values;
      for (let row = 0; row < count; row++) all[row] = (all[row] as number) * values + (key[row] as number);
    }
    for (let row = 0; row < count; row++) all[row] = (all[row] as number) * count + row;
    all.sort();
    for (let at = 0; at < count; at++) order[at] = (all[at] as number) % count;
    return true;
  }

  private sorted(column: Uint32Array | Float64Array): Float64Array {
    const { count, order } = this;
    const values = new Float64Array(count);
    for (let at = 0; at < count; at++) values[at] = column[order[at] as number] as number;
    return values;
  }

  /** What is near one value in each window: that one once, and how far from it. */
  private based(column: Uint32Array | Float64Array): RunColumn {
    const base = new Float64Array(this.windows.length).fill(Number.POSITIVE_INFINITY);
    const { windowOf } = this;
    for (let row = 0; row < this.count; row++) {
      const window = windowOf[row] as number;
      base[window] = Math.min(base[window] as number, column[row] as number);
    }
    const bases = base.map((value) => (Number.isFinite(value) ? value : 0));
    const rest = column.map((value, row) => value - (bases[windowOf[row] as number] as number));
    return create(RunColumnSchema, {
      compact: this.packer.pack(this.sorted(rest), NUMBER).slice(),
      base: new ColumnPacker(bases.length).pack(bases, NUMBER).slice(),
    });
  }

  /** A sum of one is its longest: what two columns have in common is written once. */
  private smallest(column: Uint32Array | Float64Array, { type }: ColumnSpec, i: number): RunColumn {
    const values = this.sorted(column);
    const plain = create(RunColumnSchema, { compact: this.packer.pack(values, { type }).slice() });
    if (COLUMN_FIELD[type] !== 'u64') return plain;
    let best = plain;
    for (const [other, spec] of this.specs.entries()) {
      const base = this.columnsOfAll[other];
      if (other <= i || spec.type !== type || !(base instanceof Float64Array)) continue;
      const rest = values.map((value, at) => value - (base[this.order[at] as number] as number));
      if (rest.some((value) => value < 0 || !Number.isSafeInteger(value))) continue;
      const compact = this.packer.pack(rest, { type }).slice();
      if (compact.length < best.compact.length) best = create(RunColumnSchema, { compact, plus: other + 1 });
    }
    return best;
  }
}

function highest(values: Uint32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] as number);
  return most;
}

function isNumbers(column: ColumnData): column is Uint32Array | Float64Array {
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
