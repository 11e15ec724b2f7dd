import type { FrameDef, ModuleDef } from '../../remote-agent/protocol/signal.ts';
import type { Tables } from '../store/model.ts';
import { bucketOf, shownName, unnamed } from './function-name.ts';
import { kindIndex, kindOf } from './kind.ts';

/** Function 0: a frame that no table has (yet). */
export const UNKNOWN_FUNCTION = 0;

/**
 * Frames put together to functions: the same name in the same module is one. A function's id never changes its meaning,
 * so what a view remembers by id (colour, text width, zoom) stays true while the tables grow.
 */
export interface FunctionTable {
  /** Rises whenever anything below changed. */
  readonly version: number;
  readonly count: number;
  readonly name: readonly string[];
  /** Module id; 0 = none. */
  readonly module: readonly number[];
  /** Index into FRAME_KINDS. */
  readonly kind: readonly number[];
  readonly isNamed: readonly boolean[];
  /** Function of each frame id; shorter than the frame table where frames came later. */
  readonly ofFrame: Uint32Array;
  /** Place of each function in the alphabet: the order in which siblings are drawn, whatever they weigh. */
  readonly rank: Uint32Array;
  /** Where a function went whose frames got their name late: old id → the first of the new ones. */
  readonly renamed: ReadonlyMap<number, number>;
}

/** The table of all functions in `tables`, from nothing. Live views keep a FunctionIndex instead. */
export function functionTable(tables: Tables): FunctionTable {
  return new FunctionIndex().update(tables);
}

/** Grows a FunctionTable with the tables: new frames are added, renamed ones moved, the rest is left alone. */
export class FunctionIndex {
  #idsByModule = new Map<number, Map<string | number, number>>();
  #seen: (FrameDef | undefined)[] = [];
  #name = ['[unknown]'];
  #module = [0];
  #kind = [kindIndex('unknown')];
  #isNamed = [false];
  #ofFrame = new Uint32Array(1024);
  #order: number[] = [UNKNOWN_FUNCTION];
  #rank = new Uint32Array(1);
  #renamed = new Map<number, number>();
  #table: FunctionTable | null = null;

  /** The same object as last time if nothing changed. */
  update(tables: Tables): FunctionTable {
    let changed = this.#table === null;
    const { frames } = tables;
    if (frames.length > this.#ofFrame.length) this.#ofFrame = grown(this.#ofFrame, frames.length);
    // Late names replace the FrameDef: comparing references finds them among 100,000 in a fraction of a millisecond.
    for (let id = 1; id < frames.length; id++) {
      const frame = frames[id];
      if (frame === undefined || frame === this.#seen[id]) continue;
      if (!changed) this.#ofFrame = this.#ofFrame.slice();
      changed = true;
      this.#place(frame, tables.modules[frame.module]);
    }
    if (changed) this.#publish(frames.length);
    return this.#table as FunctionTable;
  }

  #place(frame: FrameDef, module: ModuleDef | undefined): void {
    const before = this.#seen[frame.id] === undefined ? null : this.#ofFrame[frame.id]!;
    const id = this.#functionOf(frame, module);
    this.#seen[frame.id] = frame;
    this.#ofFrame[frame.id] = id;
    if (before !== null && before !== id && !this.#renamed.has(before)) this.#renamed.set(before, id);
  }

  #functionOf(frame: FrameDef, module: ModuleDef | undefined): number {
    const key = frame.name === '' ? bucketOf(frame, module) : shownName(frame.name);
    let ids = this.#idsByModule.get(frame.module);
    if (!ids) this.#idsByModule.set(frame.module, (ids = new Map()));
    let id = ids.get(key);
    if (id === undefined) {
      id = this.#name.length;
      ids.set(key, id);
      this.#name.push(typeof key === 'number' ? unnamed(module, key) : key);
      this.#module.push(frame.module);
      this.#kind.push(0);
      this.#isNamed.push(typeof key === 'string');
    }
    this.#kind[id] = kindIndex(kindOf(frame, module));
    return id;
  }

  #publish(frameCount: number): void {
    const count = this.#name.length;
    this.#sort(count);
    this.#table = {
      version: (this.#table?.version ?? 0) + 1,
      count,
      name: this.#name,
      module: this.#module,
      kind: this.#kind,
      isNamed: this.#isNamed,
      ofFrame: this.#ofFrame.subarray(0, frameCount),
      rank: this.#rank,
      renamed: this.#renamed,
    };
  }

  /** Only new functions are out of place, and sorting almost sorted rows is quick. */
  #sort(count: number): void {
    if (this.#order.length === count && this.#table) return;
    for (let id = this.#order.length; id < count; id++) this.#order.push(id);
    const [name, module] = [this.#name, this.#module];
    this.#order.sort((a, b) => compareText(name[a]!, name[b]!) || module[a]! - module[b]! || a - b);
    this.#rank = new Uint32Array(count);
    this.#order.forEach((id, place) => (this.#rank[id] = place));
  }
}

/** By code unit: the same on every machine and in every language, and ten times as fast as a collator. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function grown(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
