/**
 * Waiting windows of one probe made into one: keys are grouped, sums added, so that totals stay exact. Pure.
 * protocol/window-sum.ts does the same to windows as they lie on the wire; these are past the door.
 */
import {
  COLUMN_FIELD,
  combined,
  type ColumnData,
  type ColumnSpec,
  type Counters,
  findProbe,
  type Signal,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';

const MAX_U32 = 0xffff_ffff;

/**
 * All windows of each probe become one, at the place of the last: whatever definitions they need stand before it. A new
 * agent run begins with new ids, so nothing is merged over a `device` signal.
 */
export function mergeWaitingWindows(signals: readonly Signal[]): Signal[] {
  const kept: Signal[] = [];
  /** Of each probe, newest first, while walking from the end. */
  let later = new Map<string, { readonly at: number; readonly windows: WindowSignal[] }>();
  const seal = () => {
    for (const { at, windows } of later.values()) kept[at] = mergeWindowSignals(windows.reverse());
    later = new Map();
  };
  for (const signal of signals.toReversed()) {
    if (signal.kind === 'device') seal();
    const group = signal.kind === 'window' ? later.get(signal.probe) : undefined;
    if (signal.kind === 'window' && group) {
      group.windows.push(signal);
      continue;
    }
    if (signal.kind === 'window') later.set(signal.probe, { at: kept.length, windows: [signal] });
    kept.push(signal);
  }
  seal();
  return kept.reverse();
}

/** Of one probe, oldest first, at least one. */
export function mergeWindowSignals(windows: readonly WindowSignal[]): WindowSignal {
  const [first] = windows;
  if (!first) throw new Error('no windows to merge');
  const specs = findProbe(first.probe)?.columns;
  if (!specs || windows.length === 1) return first;
  const rows = new Rows(specs);
  for (const window of windows) rows.add(window);
  return {
    kind: 'window',
    probe: first.probe,
    fromNs: Math.min(...windows.map((window) => window.fromNs)),
    toNs: Math.max(...windows.map((window) => window.toNs)),
    rows: rows.count,
    columns: rows.columns(),
    counters: windows.map((window) => window.counters).reduce(addCounters),
    drains: windows.reduce((sum, window) => sum + window.drains, 0),
  };
}

type Cell = number | Uint8Array;

/** Rows by key, in the order they came. */
class Rows {
  readonly #specs: readonly ColumnSpec[];
  readonly #rows: Cell[][] = [];
  readonly #byKey = new Map<string, Cell[]>();

  constructor(specs: readonly ColumnSpec[]) {
    this.#specs = specs;
  }

  get count(): number {
    return this.#rows.length;
  }

  add(window: WindowSignal): void {
    for (let row = 0; row < window.rows; row++) {
      const cells = this.#specs.map(({ fades }, i) => (fades ? 0 : (window.columns[i]?.[row] ?? 0)));
      const key = this.#specs.map(({ role }, i) => (role === 'key' ? String(cells[i]) : '')).join(' ');
      const same = this.#byKey.get(key);
      if (same && this.#fits(same, cells)) this.#combine(same, cells);
      else {
        this.#byKey.set(key, cells);
        this.#rows.push(cells);
      }
    }
  }

  columns(): ColumnData[] {
    return this.#specs.map(({ type }, i) => {
      if (COLUMN_FIELD[type] === 'blob') return this.#rows.map((cells) => cells[i] as Uint8Array);
      const column = isU32(type) ? new Uint32Array(this.#rows.length) : new Float64Array(this.#rows.length);
      for (const [row, cells] of this.#rows.entries()) column[row] = cells[i] as number;
      return column;
    });
  }

  /** A sum that would overflow its column stays a row of its own. */
  #fits(into: readonly Cell[], from: readonly Cell[]): boolean {
    return this.#specs.every(
      ({ role, type }, i) => role !== 'sum' || !isU32(type) || Number(into[i]) + Number(from[i]) <= MAX_U32,
    );
  }

  #combine(into: Cell[], from: readonly Cell[]): void {
    for (const [i, { role }] of this.#specs.entries()) {
      const [a = 0, b = 0] = [into[i], from[i]];
      if (role === 'key') continue;
      if (typeof a === 'number' && typeof b === 'number') into[i] = combined(role, a, b);
      else if (typeof a !== 'number' && a.length === 0) into[i] = b;
    }
  }
}

function isU32(type: ColumnSpec['type']): boolean {
  return COLUMN_FIELD[type] === 'u32';
}

function addCounters(a: Counters, b: Counters): Counters {
  const lost = new Map<string, number>();
  for (const { cause, count } of [...a.lost, ...b.lost]) lost.set(cause, (lost.get(cause) ?? 0) + count);
  return {
    seen: a.seen + b.seen,
    kept: a.kept + b.kept,
    idle: a.idle + b.idle,
    filtered: a.filtered + b.filtered,
    lost: [...lost].map(([cause, count]) => ({ cause, count })),
    incompleteStacks: a.incompleteStacks + b.incompleteStacks,
  };
}
