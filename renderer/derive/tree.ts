import type { NodeKey, NodePath } from './node-key.ts';

/**
 * A tree of keys with weights, as columns in pre-order: a node's subtree is the nodes [node, end[node]), its first child
 * is node + 1, and the sibling after it is end[node].
 *
 *        root 6                node    0     1    2    3      4
 *        main 6                key     root  main loop parse  read
 *        loop 5                depth   0     1    2    3      3
 *        parse 2  read 3       end     5     5    5    4      5
 *                              self    0     1    0    2      3
 *                              total   6     6    5    2      3
 *
 * Siblings lie in an order that does not depend on weight: alphabetical. Live updates widen and narrow frames, but
 * never make two of them change places.
 */
export interface CallTree {
  readonly count: number;
  readonly key: Uint32Array;
  /** -1 for the root. */
  readonly parent: Int32Array;
  readonly depth: Uint32Array;
  readonly end: Uint32Array;
  /** Samples. Whole numbers: sums are exact. */
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** Rows of the picture: greatest depth + 1. */
  readonly height: number;
}

export const ROOT = 0;

/** Siblings in their order. */
export function* childrenOf(tree: CallTree, node: number): Generator<number> {
  for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) yield child;
}

export function childWithKey(tree: CallTree, node: number, key: NodeKey): number | null {
  for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) {
    if (tree.key[child] === key) return child;
  }
  return null;
}

/** -1 where there is none. */
export function heaviestChild(tree: CallTree, node: number): number {
  let heaviest = -1;
  for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) {
    if (heaviest < 0 || tree.total[child]! > tree.total[heaviest]!) heaviest = child;
  }
  return heaviest;
}

export function isInside(tree: CallTree, node: number, ancestor: number): boolean {
  return node >= ancestor && node < tree.end[ancestor]!;
}

/** Nodes from the first below the root down to `node`. */
export function lineage(tree: CallTree, node: number): number[] {
  const nodes: number[] = [];
  for (let at = node; at > ROOT; at = tree.parent[at]!) nodes.push(at);
  return nodes.reverse();
}

/** What names a node in this tree and in the next ones. */
export function pathOf(tree: CallTree, node: number): NodePath {
  return lineage(tree, node).map((at) => tree.key[at]!);
}

/**
 * The node a path leads to, or the deepest one that is there. `renamed` (FunctionTable) leads on where a function was
 * given its name since the path was taken.
 */
export function followPath(
  tree: CallTree,
  path: NodePath,
  renamed?: ReadonlyMap<number, number>,
): { readonly node: number; readonly isWhole: boolean } {
  let node = ROOT;
  for (const key of path) {
    let child = childWithKey(tree, node, key);
    for (let next = renamed?.get(key); child === null && next !== undefined; next = renamed?.get(next)) {
      child = childWithKey(tree, node, next);
    }
    if (child === null) return { node, isWhole: false };
    node = child;
  }
  return { node, isWhole: true };
}
