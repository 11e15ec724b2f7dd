import { isFunctionKey } from './node-key.ts';
import type { Placement } from './placement.ts';
import { type CallTree, childWithKey, ROOT } from './tree.ts';

/**
 * Where the nodes of `tree` lay in the picture before: what an animated change starts from. A node that is new starts
 * without width, at the place where it is about to appear. Both trees order siblings alike, so one walk along both
 * lists of children finds the pairs. `rank`: FunctionTable.rank, the newer.
 */
export function placementBefore(
  tree: CallTree,
  old: { readonly tree: CallTree; readonly placement: Placement },
  rank: Uint32Array,
): Placement {
  const start = new Float64Array(tree.count);
  const width = new Float64Array(tree.count);
  const oldNode = new Int32Array(tree.count).fill(-1);
  const pairs = new ChildWalk(tree, old.tree, rank);
  oldNode[ROOT] = ROOT;
  width[ROOT] = old.placement.width[ROOT]!;
  for (let node = 0; node < tree.count; node++) {
    // New nodes stand at the right end of the sibling before them, or at their parent's left edge.
    let edge = start[node]!;
    pairs.enter(oldNode[node]!);
    for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) {
      const before = pairs.find(child);
      oldNode[child] = before;
      start[child] = before < 0 ? edge : old.placement.start[before]!;
      width[child] = before < 0 ? 0 : old.placement.width[before]!;
      edge = start[child]! + width[child]!;
    }
  }
  return { start, width };
}

/** Walks along the children of one old node, in step with the children asked for. */
class ChildWalk {
  readonly #tree: CallTree;
  readonly #old: CallTree;
  readonly #rank: Uint32Array;
  #parent = -1;
  #at = 0;

  constructor(tree: CallTree, old: CallTree, rank: Uint32Array) {
    this.#tree = tree;
    this.#old = old;
    this.#rank = rank;
  }

  /** -1: no old node, nothing will be found. */
  enter(oldParent: number): void {
    this.#parent = oldParent;
    this.#at = oldParent + 1;
  }

  find(child: number): number {
    if (this.#parent < 0) return -1;
    const key = this.#tree.key[child]!;
    // Processes and threads are few, and their order follows names that may change.
    if (!isFunctionKey(key)) return childWithKey(this.#old, this.#parent, key) ?? -1;
    const end = this.#old.end[this.#parent]!;
    while (this.#at < end && this.#isBefore(this.#old.key[this.#at]!, key)) this.#at = this.#old.end[this.#at]!;
    return this.#at < end && this.#old.key[this.#at] === key ? this.#at : -1;
  }

  #isBefore(key: number, other: number): boolean {
    return !isFunctionKey(key) || this.#rank[key]! < this.#rank[other]!;
  }
}
