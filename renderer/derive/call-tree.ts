import type { Tables } from '../store/model.ts';
import { type FunctionTable, UNKNOWN_FUNCTION } from './function-table.ts';
import { processKey, threadKey } from './node-key.ts';
import { siblingOrder } from './sibling-order.ts';
import type { Tally } from './tally.ts';
import type { CallTree } from './tree.ts';
import { ROOT } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What stands between the root and the functions. `none` merges equal stacks of all processes. */
export type Grouping = 'none' | 'process' | 'thread';

export interface CallTreeOptions {
  readonly grouping: Grouping;
  /** These functions are left out; what they called hangs below their callers. */
  readonly hidden: ReadonlySet<number>;
  /** A function that calls itself directly becomes one frame. */
  readonly mergeRecursion: boolean;
}

export const PLAIN_TREE: CallTreeOptions = { grouping: 'process', hidden: new Set(), mergeRecursion: false };

/** Stacks of frames, put together as a tree of functions. */
export function callTree(tally: Tally, tables: Tables, functions: FunctionTable, options: CallTreeOptions): CallTree {
  const builder = new TreeBuilder(Math.min(tables.stackCount, tally.count * 8));
  const stacks = new StackPlacer(builder, tables, functions, options);
  for (const group of groupEntries(tally, tables, options.grouping)) {
    const top = groupNode(builder, tables, options.grouping, group.id);
    stacks.startGroup(top);
    for (const entry of group.entries) builder.weigh(stacks.nodeOf(tally.stack[entry]!), tally.weight[entry]!);
  }
  return builder.finish(siblingOrder(functions, tables, builder.groups()));
}

/** Entries of one process or thread side by side, so that one table from stack to node can serve them all in turn. */
function groupEntries(tally: Tally, tables: Tables, grouping: Grouping): { id: number; entries: number[] }[] {
  const groups = new Map<number, { id: number; entries: number[] }>();
  for (let entry = 0; entry < tally.count; entry++) {
    if (tally.weight[entry] === 0) continue;
    const id = groupOf(tables, grouping, tally.thread[entry]!);
    const group = groups.get(id);
    if (group) group.entries.push(entry);
    else groups.set(id, { id, entries: [entry] });
  }
  return [...groups.values()];
}

function groupOf(tables: Tables, grouping: Grouping, thread: number): number {
  if (grouping === 'none') return 0;
  return grouping === 'thread' ? thread : (tables.threads[thread]?.process ?? 0);
}

function groupNode(builder: TreeBuilder, tables: Tables, grouping: Grouping, id: number): number {
  if (grouping === 'none') return ROOT;
  if (grouping === 'process') return builder.child(ROOT, processKey(id));
  const process = builder.child(ROOT, processKey(tables.threads[id]?.process ?? 0));
  return builder.child(process, threadKey(id));
}

/** From stack node to tree node, within one group; remembers the way, so that each stack node is looked up once. */
class StackPlacer {
  readonly #builder: TreeBuilder;
  readonly #tables: Tables;
  readonly #functions: FunctionTable;
  readonly #options: CallTreeOptions;
  readonly #nodeOf: Uint32Array;
  /** Group in which #nodeOf is true. */
  readonly #stamp: Uint32Array;
  #group = 0;
  #top = ROOT;
  readonly #way: number[] = [];

  constructor(builder: TreeBuilder, tables: Tables, functions: FunctionTable, options: CallTreeOptions) {
    this.#builder = builder;
    this.#tables = tables;
    this.#functions = functions;
    this.#options = options;
    this.#nodeOf = new Uint32Array(tables.stackCount);
    this.#stamp = new Uint32Array(tables.stackCount);
  }

  startGroup(top: number): void {
    this.#group++;
    this.#top = top;
  }

  nodeOf(leaf: number): number {
    const { stackParents, stackFrames, stackCount } = this.#tables;
    if (leaf >= stackCount) return this.#builder.child(this.#top, UNKNOWN_FUNCTION);
    let stack = leaf;
    const way = this.#way;
    while (stack !== 0 && this.#stamp[stack] !== this.#group) {
      way.push(stack);
      stack = stackParents[stack]!;
    }
    let node = stack === 0 ? this.#top : this.#nodeOf[stack]!;
    for (let next = way.pop(); next !== undefined; next = way.pop()) {
      node = this.#step(node, stackFrames[next]!);
      this.#nodeOf[next] = node;
      this.#stamp[next] = this.#group;
    }
    return node;
  }

  #step(node: number, frame: number): number {
    const callee = this.#functions.ofFrame[frame] ?? UNKNOWN_FUNCTION;
    const { hidden, mergeRecursion } = this.#options;
    if (hidden.size > 0 && hidden.has(callee)) return node;
    if (mergeRecursion && node !== ROOT && this.#builder.keyOf(node) === callee) return node;
    return this.#builder.child(node, callee);
  }
}
