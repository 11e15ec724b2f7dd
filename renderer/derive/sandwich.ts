import type { Tables } from '../store/model.ts';
import type { FunctionTable } from './function-table.ts';
import { mergeUpwards } from './merge-upwards.ts';
import { siblingOrder } from './sibling-order.ts';
import { type CallTree, ROOT } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Both have the chosen function as their root, and its total as their total. */
export interface Sandwich {
  readonly callers: CallTree;
  readonly callees: CallTree;
}

/** As in invert.ts, of the function's own samples. */
const SMALLEST_SHARE = 1 / 20_000;

/**
 * Who called a function and what it called. Where it calls itself, its outermost call counts, once: callers are those
 * of the outermost call, and the inner calls are among the callees.
 */
export function callersCallees(tree: CallTree, id: number, tables: Tables, functions: FunctionTable): Sandwich {
  const calls = outermostCalls(tree, id);
  return {
    callers: callersOf(tree, calls, id, tables, functions),
    callees: calleesOf(tree, calls, id, tables, functions),
  };
}

function outermostCalls(tree: CallTree, id: number): number[] {
  const calls: number[] = [];
  for (let node = 0; node < tree.count; ) {
    const isCall = tree.key[node] === id;
    if (isCall) calls.push(node);
    node = isCall ? tree.end[node]! : node + 1;
  }
  return calls;
}

function callersOf(
  tree: CallTree,
  calls: readonly number[],
  id: number,
  tables: Tables,
  functions: FunctionTable,
): CallTree {
  const hasCaller = calls.filter((node) => tree.parent[node]! > ROOT);
  const all = calls.reduce((sum, node) => sum + tree.total[node]!, 0);
  const parents = hasCaller.map((node) => tree.parent[node]!);
  const weights = new Map<number, number>();
  for (const node of hasCaller) weights.set(tree.parent[node]!, tree.total[node]!);
  const options = { rootKey: id, minWeight: all * SMALLEST_SHARE };
  const builder = mergeUpwards(tree, parents, (parent) => weights.get(parent)!, options);
  for (const node of calls) if (tree.parent[node] === ROOT) builder.weigh(ROOT, tree.total[node]!);
  return builder.finish(siblingOrder(functions, tables, builder.groups()));
}

function calleesOf(
  tree: CallTree,
  calls: readonly number[],
  id: number,
  tables: Tables,
  functions: FunctionTable,
): CallTree {
  const builder = new TreeBuilder(1024, id);
  const placed = new Uint32Array(tree.count);
  for (const call of calls) {
    builder.weigh(ROOT, tree.self[call]!);
    placed[call] = ROOT;
    for (let node = call + 1; node < tree.end[call]!; node++) {
      placed[node] = builder.child(placed[tree.parent[node]!]!, tree.key[node]!);
      builder.weigh(placed[node]!, tree.self[node]!);
    }
  }
  return builder.finish(siblingOrder(functions, tables, builder.groups()));
}
