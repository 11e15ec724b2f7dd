import type { Tables } from '../store/model.ts';
import type { FunctionTable } from './function-table.ts';
import { mergeUpwards } from './merge-upwards.ts';
import { ROOT_KEY } from './node-key.ts';
import { siblingOrder } from './sibling-order.ts';
import { type CallTree, ROOT } from './tree.ts';

/** Lighter callers than this share of all are not followed further: a tenth of a pixel on a wide screen. */
const SMALLEST_SHARE = 1 / 20_000;

/** The same samples from the other end: below the root what ran, below that who called it, at last the process. */
export function invertTree(tree: CallTree, tables: Tables, functions: FunctionTable): CallTree {
  const starts: number[] = [];
  for (let node = ROOT + 1; node < tree.count; node++) if (tree.self[node]! > 0) starts.push(node);
  const minWeight = tree.total[ROOT]! * SMALLEST_SHARE;
  const builder = mergeUpwards(tree, starts, (node) => tree.self[node]!, { rootKey: ROOT_KEY, minWeight });
  if (tree.self[ROOT]! > 0) builder.weigh(ROOT, tree.self[ROOT]!);
  return builder.finish(siblingOrder(functions, tables, builder.groups()));
}
