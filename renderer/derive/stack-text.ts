import type { Names } from './names.ts';
import { isFunctionKey } from './node-key.ts';
import { type CallTree, lineage } from './tree.ts';

/**
 * A frame's stack as debuggers print it, innermost first:
 *
 *     #0 read_[k] ([kernel])
 *     #1 loop (nginx)
 *     nginx (101)
 *
 * `isInverted`: the tree's root is the innermost frame, as in a tree of callers.
 */
export function stackText(tree: CallTree, node: number, names: Names, isInverted = false): string {
  const nodes = lineage(tree, node);
  if (isFunctionKey(tree.key[0]!)) nodes.unshift(0);
  const keys = nodes.map((at) => tree.key[at]!);
  if (!isInverted) keys.reverse();
  let number = 0;
  return keys
    .map((key) => {
      if (!isFunctionKey(key)) return names.name(key);
      const module = names.module(key);
      return `#${number++} ${names.name(key)}${module ? ` (${module})` : ''}`;
    })
    .join('\n');
}
