import type { NodeKey } from './node-key.ts';
import { type CallTree, ROOT } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/**
 * Turns the ways from some nodes up to the root into a tree: callers below (in the tree's sense) what they called.
 *
 *     main 5                     read 3             starts: both `read`, weights 2 and 1
 *     a 3     b 2        →       a 2    b 1
 *     read 2  read 1             main 2 main 1
 *
 * Goes level by level, and does not go on above nodes lighter than `minWeight`: inverting is the one operation whose
 * result can be many times larger than the tree, and such nodes could not be seen.
 */
export function mergeUpwards(
  tree: CallTree,
  starts: readonly number[],
  weightOf: (node: number) => number,
  { rootKey, minWeight }: { readonly rootKey: NodeKey; readonly minWeight: number },
): TreeBuilder {
  const builder = new TreeBuilder(starts.length * 4, rootKey);
  const weights = Float64Array.from(starts, weightOf);
  const at = Int32Array.from(starts);
  const owner = new Uint32Array(starts.length);
  /** By node of the builder. A node is reached in one level only, so its weight is whole when the level is done. */
  let reached = new Float64Array(starts.length * 4);
  let live = Uint32Array.from(starts, (_, item) => item);
  while (live.length > 0) {
    for (const item of live) {
      const node = builder.child(owner[item]!, tree.key[at[item]!]!);
      owner[item] = node;
      at[item] = tree.parent[at[item]!]!;
      if (node >= reached.length) reached = withRoom(reached, node);
      reached[node] = reached[node]! + weights[item]!;
    }
    live = live.filter((item) => {
      const goesOn = at[item]! > ROOT && reached[owner[item]!]! >= minWeight;
      if (!goesOn) builder.weigh(owner[item]!, weights[item]!);
      return goesOn;
    });
  }
  return builder;
}

function withRoom(array: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(index + 1, array.length * 2));
  larger.set(array);
  return larger;
}
