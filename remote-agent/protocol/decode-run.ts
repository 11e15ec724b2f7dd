/** A run of windows through the door: the same checks as for each of them by itself. */
import { unpackColumn } from './columns.ts';
import type { DictionarySizes } from './decode-definitions.ts';
import { COLUMN_FIELD, highestId } from './decode-window.ts';
import { refuse } from './doors.ts';
import { decodeMessage } from './frames.ts';
import { type RunColumn, type WindowRun, WindowRunSchema } from './generated/sonde_pb.ts';
import { MAX_BLOB_LENGTH, MAX_LOSS_CAUSES, MAX_TIME_NS, MAX_WINDOW_ROWS, TEXT } from './limits.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';
import type { ColumnData, Counters, WindowSignal } from './signal.ts';
import { safeText } from './text.ts';
import { NUMBER, type OrderedWindow, RISING } from './run-rows.ts';

/** Of one run: ten hours of windows a second, and the rows of a largest window with half as many before it. */
const MAX_RUN_WINDOWS = 36_000;
export const MAX_RUN_ROWS = 3 << 19;
const MAX_TIME = Number(MAX_TIME_NS);

/** Raises a fault for bytes that are none. */
export function readWindowRun(bytes: Uint8Array): WindowRun {
  return decodeMessage(WindowRunSchema, bytes);
}

export function decodeRun(run: WindowRun, manifest: ProbeManifest, sizes: DictionarySizes): OrderedWindow[] {
  const { windows: count, rows } = run;
  if (count < 1 || count > MAX_RUN_WINDOWS || rows > MAX_RUN_ROWS) refuse(`a run of ${count} windows and ${rows} rows`);
  const present = manifest.columns.filter(({ isLate }, i) => !isLate || i < run.columns.length);
  if (run.columns.length < present.length) refuse(`a run of ${manifest.id} has ${run.columns.length} columns`);
  const list = (bytes: Uint8Array, what: string, spec = NUMBER, most = Number.MAX_SAFE_INTEGER) =>
    numbers(bytes, spec, count, `${what} of a run`, most);
  const order = list(run.order, 'order', RISING);
  const from = list(run.from, 'starts', RISING, MAX_TIME);
  const length = list(run.length, 'lengths', NUMBER, MAX_TIME);
  const drains = list(run.drains, 'drains');
  const counters = countersOf(run, list);
  const place = new Places(numbers(run.window, RISING, rows, 'windows of a run', count - 1), count);
  const columns = columnsOf(run, present, place, sizes);
  return Array.from(counters, (each, i): OrderedWindow => {
    const toNs = (from[i] as number) + (length[i] as number);
    if (length[i] === 0 || toNs > MAX_TIME) refuse(`a window of ${manifest.id} of no length`);
    const window: WindowSignal = {
      kind: 'window',
      probe: manifest.id,
      fromNs: from[i] as number,
      toNs,
      rows: place.rowsOf(i),
      columns: columns.map((split) => split(i)),
      counters: each,
      drains: Math.max(1, drains[i] as number),
    };
    return { order: order[i] as number, window };
  });
}

/** Which row of the run becomes which row of which window. */
class Places {
  readonly windowOf: Float64Array;
  private readonly firsts: Uint32Array;
  /** Row numbers by window, in their order. */
  private readonly rows: Uint32Array;

  constructor(windowOf: Float64Array, windows: number) {
    this.windowOf = windowOf;
    this.firsts = new Uint32Array(windows + 1);
    for (let row = 0; row < windowOf.length; row++) this.firsts[(windowOf[row] as number) + 1]!++;
    for (let i = 0; i < windows; i++) {
      if ((this.firsts[i + 1] as number) > MAX_WINDOW_ROWS) refuse(`a window of ${this.firsts[i + 1]} rows`);
      this.firsts[i + 1]! += this.firsts[i] as number;
    }
    const next = this.firsts.slice();
    this.rows = new Uint32Array(windowOf.length);
    for (let row = 0; row < windowOf.length; row++) this.rows[next[windowOf[row] as number]!++] = row;
  }

  rowsOf(window: number): number {
    return (this.firsts[window + 1] as number) - (this.firsts[window] as number);
  }

  split(values: ArrayLike<number>, isU32: boolean): (window: number) => Uint32Array | Float64Array {
    return (window) => {
      const first = this.firsts[window] as number;
      const count = this.rowsOf(window);
      const part = isU32 ? new Uint32Array(count) : new Float64Array(count);
      for (let i = 0; i < count; i++) part[i] = values[this.rows[first + i] as number] as number;
      return part;
    };
  }

  splitBlobs(values: readonly Uint8Array[]): (window: number) => readonly Uint8Array[] {
    return (window) =>
      Array.from(this.rows.subarray(this.firsts[window], this.firsts[window + 1]), (row) => values[row] as Uint8Array);
  }
}

type Split = (window: number) => ColumnData;

/** A column may stand on one behind it, so they are read from the last to the first. */
function columnsOf(run: WindowRun, specs: readonly ColumnSpec[], places: Places, sizes: DictionarySizes): Split[] {
  const values: (Float64Array | null)[] = specs.map(() => null);
  const splits: Split[] = specs.map(() => () => []);
  for (let i = specs.length - 1; i >= 0; i--) {
    const spec = specs[i] as ColumnSpec;
    const column = run.columns[i] as RunColumn;
    const field = COLUMN_FIELD[spec.type];
    if (field === 'blob') {
      splits[i] = places.splitBlobs(blobsOf(column, spec, run.rows));
      continue;
    }
    const most = field === 'u32' ? highestId(spec, sizes) : spec.type === 'time' ? MAX_TIME : Number.MAX_SAFE_INTEGER;
    const cells = numbers(column.compact, spec.fades ? NUMBER : { type: spec.type }, run.rows, `column ${spec.name}`);
    if (column.plus > 0)
      addTo(cells, (column.plus > i + 1 && values[column.plus - 1]) || refuse('a column on nothing'));
    if (column.base.length > 0) addBase(cells, column, places, run.windows);
    const wrong = beyond(cells, most);
    if (wrong !== null) refuse(`${spec.name} ${wrong} of ${most}`);
    values[i] = cells;
    splits[i] = places.split(cells, field === 'u32');
  }
  return splits;
}

function addTo(cells: Float64Array, more: Float64Array): void {
  for (let row = 0; row < cells.length; row++) cells[row]! += more[row] as number;
}

function addBase(cells: Float64Array, column: RunColumn, { windowOf }: Places, windows: number): void {
  const base = numbers(column.base, NUMBER, windows, 'a base');
  for (let row = 0; row < cells.length; row++) cells[row]! += base[windowOf[row] as number] as number;
}

function blobsOf(column: RunColumn, spec: ColumnSpec, rows: number): Uint8Array[] {
  if (column.blob.length !== rows) refuse(`column ${spec.name} has ${column.blob.length} values in ${rows} rows`);
  return column.blob.map((blob) => {
    if (blob.length > MAX_BLOB_LENGTH) refuse(`a value of column ${spec.name} has ${blob.length} bytes`);
    return new Uint8Array(blob);
  });
}

type List = (bytes: Uint8Array, what: string) => Float64Array;

function countersOf(run: WindowRun, list: List): Counters[] {
  const { seen, kept, idle, filtered, incompleteStacks } = run;
  if (run.lost.length > MAX_LOSS_CAUSES) refuse(`${run.lost.length} causes of loss`);
  const columns = {
    seen: list(seen, 'seen'),
    kept: list(kept, 'kept'),
    idle: list(idle, 'idle'),
    filtered: list(filtered, 'filtered'),
    incomplete: list(incompleteStacks, 'incomplete stacks'),
  };
  const losses = run.lost.map(({ cause, count }) => ({
    cause: safeText(cause, TEXT.short),
    counts: list(count, 'lost'),
  }));
  return Array.from(columns.seen, (all, i): Counters => {
    const lost = losses.flatMap(({ cause, counts }) => (counts[i] ? [{ cause, count: counts[i] - 1 }] : []));
    const counters = {
      seen: all,
      kept: columns.kept[i] as number,
      idle: columns.idle[i] as number,
      filtered: columns.filtered[i] as number,
      lost,
      incompleteStacks: columns.incomplete[i] as number,
    };
    const accounted =
      counters.kept + counters.idle + counters.filtered + lost.reduce((sum, { count }) => sum + count, 0);
    if (accounted !== all) refuse(`${all} events were seen and ${accounted} accounted for`);
    return counters;
  });
}

/** All whole numbers from 0 to `most`. */
export function numbers(
  bytes: Uint8Array,
  spec: Parameters<typeof unpackColumn>[1],
  count: number,
  what: string,
  most = Number.MAX_VALUE,
): Float64Array {
  const values = new Float64Array(count);
  if (!unpackColumn(bytes, spec, values)) refuse(`${what}: not ${count} numbers`);
  const wrong = beyond(values, most);
  if (wrong !== null) refuse(`${what}: ${wrong} where ${most} is the most`);
  return values;
}

/** The first that is too much, or no number; null = none is. */
function beyond(values: Float64Array, most: number): number | null {
  for (let i = 0; i < values.length; i++) if (!((values[i] as number) <= most)) return values[i] as number;
  return null;
}
