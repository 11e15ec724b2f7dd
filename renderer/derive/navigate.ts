import { type CallTree, heaviestChild, ROOT } from './tree.ts';

export type Step = 'caller' | 'callee' | 'previous' | 'next';

/** Where a step leads, null where nothing is. `previous` and `next` go on to the neighbours' children in the same row. */
export function stepFrom(tree: CallTree, node: number, step: Step): number | null {
  switch (step) {
    case 'caller':
      return node === ROOT ? null : tree.parent[node]!;
    case 'callee': {
      const child = heaviestChild(tree, node);
      return child < 0 ? null : child;
    }
    case 'previous':
      return scanRow(tree, node, -1);
    case 'next':
      return scanRow(tree, node, 1);
  }
}

function scanRow(tree: CallTree, node: number, by: 1 | -1): number | null {
  const row = tree.depth[node]!;
  for (let at = by === 1 ? tree.end[node]! : node - 1; at > ROOT && at < tree.count; at += by) {
    if (tree.depth[at] === row) return at;
  }
  return null;
}
