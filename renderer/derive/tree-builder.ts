import { isFunctionKey, type NodeKey, ROOT_KEY } from './node-key.ts';
import { PairTable } from './pair-table.ts';
import type { SiblingOrder } from './sibling-order.ts';
import type { CallTree } from './tree.ts';

/**
 * Makes a CallTree from pieces in any order: `child` finds or adds, `weigh` adds weight, `finish` sorts.
 * Every step is linear: 100,000 nodes take about 15 ms, most of it in cache misses of the pair table.
 */
export class TreeBuilder {
  readonly #pairs: PairTable;
  #self: Float64Array;
  readonly #rootKey: NodeKey;

  constructor(expected: number, rootKey: NodeKey = ROOT_KEY) {
    this.#pairs = new PairTable(expected + 1);
    this.#self = new Float64Array(Math.max(16, expected + 1));
    this.#rootKey = rootKey;
    // The root is the one pair whose parent is itself; no other node can have its key below node 0.
    this.#pairs.intern(0, ROOT_KEY);
  }

  get count(): number {
    return this.#pairs.count;
  }

  /** The child of `parent` with that key; parents have smaller numbers than their children. */
  child(parent: number, key: NodeKey): number {
    return this.#pairs.intern(parent, key);
  }

  keyOf(node: number): NodeKey {
    return node === 0 ? this.#rootKey : this.#pairs.second[node]!;
  }

  weigh(node: number, weight: number): void {
    if (node >= this.#self.length) {
      const larger = new Float64Array(Math.max(node + 1, this.#self.length * 2));
      larger.set(this.#self);
      this.#self = larger;
    }
    this.#self[node] = this.#self[node]! + weight;
  }

  /** Process and thread keys that occur: what a SiblingOrder wants to know. */
  groups(): Set<NodeKey> {
    const groups = new Set<NodeKey>();
    for (let node = 1; node < this.count; node++) {
      const key = this.#pairs.second[node]!;
      if (!isFunctionKey(key)) groups.add(key);
    }
    return groups;
  }

  finish(order: SiblingOrder): CallTree {
    const { count } = this;
    const links = this.#linkSiblings(order);
    const tree = {
      count,
      key: new Uint32Array(count),
      parent: new Int32Array(count),
      depth: new Uint32Array(count),
      end: new Uint32Array(count),
      self: new Float64Array(count),
      total: new Float64Array(count),
      height: 1,
    };
    tree.height = this.#placeInPreOrder(tree, links) + 1;
    sumUpwards(tree);
    return tree;
  }

  /** Children of each node as linked lists in sibling order, by one counting sort over all nodes. */
  #linkSiblings(order: SiblingOrder): { firstChild: Int32Array; nextSibling: Int32Array } {
    const { count } = this;
    const { first: parents, second: keys } = this.#pairs;
    const place = new Uint32Array(count);
    const starts = new Uint32Array(order.places + 1);
    for (let node = 1; node < count; node++) {
      place[node] = order.placeOf(keys[node]!);
      starts[place[node]! + 1]!++;
    }
    for (let at = 1; at <= order.places; at++) starts[at] = starts[at]! + starts[at - 1]!;
    const sorted = new Uint32Array(count);
    for (let node = 1; node < count; node++) sorted[starts[place[node]!]!++] = node;
    const firstChild = new Int32Array(count).fill(-1);
    const nextSibling = new Int32Array(count).fill(-1);
    // From the last place to the first, each put before what its parent has already.
    for (let i = count - 2; i >= 0; i--) {
      const node = sorted[i]!;
      const parent = parents[node]!;
      nextSibling[node] = firstChild[parent]!;
      firstChild[parent] = node;
    }
    return { firstChild, nextSibling };
  }

  /** Returns the greatest depth. */
  #placeInPreOrder(
    tree: Pick<CallTree, 'key' | 'parent' | 'depth' | 'self'>,
    { firstChild, nextSibling }: { firstChild: Int32Array; nextSibling: Int32Array },
  ): number {
    const parents = this.#pairs.first;
    const placed = new Uint32Array(this.count);
    let deepest = 0;
    let depth = 0;
    let node = 0;
    for (let at = 0; node >= 0; at++) {
      placed[node] = at;
      tree.key[at] = this.keyOf(node);
      tree.parent[at] = node === 0 ? -1 : placed[parents[node]!]!;
      tree.depth[at] = depth;
      tree.self[at] = this.#self[node] ?? 0;
      if (depth > deepest) deepest = depth;
      if (firstChild[node]! >= 0) {
        node = firstChild[node]!;
        depth++;
        continue;
      }
      while (node > 0 && nextSibling[node]! < 0) {
        node = parents[node]!;
        depth--;
      }
      node = node > 0 ? nextSibling[node]! : -1;
    }
    return deepest;
  }
}

function sumUpwards({ count, parent, end, self, total }: Omit<CallTree, 'height'>): void {
  for (let node = count - 1; node >= 0; node--) {
    total[node] = total[node]! + self[node]!;
    if (end[node] === 0) end[node] = node + 1;
    const up = parent[node]!;
    if (up < 0) continue;
    total[up] = total[up]! + total[node]!;
    if (end[node]! > end[up]!) end[up] = end[node]!;
  }
}
