/** The tree of a profile as the columns of a report: the widest boxes, as many as the file has room for. */
import { FLAME_KINDS } from '../flame/flame-kinds.ts';
import { childrenOf, type FlameNode } from '../flame/flame-tree.ts';
import type { ReportFlame } from './report-data.ts';

/** About 25 bytes each. */
const MOST_BOXES = 50_000;

export function flameColumns(root: FlameNode): ReportFlame {
  const least = leastOf(root);
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  const textOf = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) {
      number = texts.push(text) - 1;
      numbers.set(text, number);
    }
    return number;
  };
  const flame = {
    parent: [] as number[],
    name: [] as number[],
    file: [] as number[],
    kind: [] as number[],
    samples: [] as number[],
  };
  let leftOut = 0;
  const put = (node: FlameNode, parent: number): void => {
    if (node.samples < least && parent >= 0) return void leftOut++;
    const at = flame.parent.push(parent) - 1;
    flame.name.push(textOf(node.name));
    flame.file.push(textOf(node.file));
    flame.kind.push(FLAME_KINDS.indexOf(node.kind));
    flame.samples.push(node.samples);
    for (const child of childrenOf(node)) put(child, at);
  };
  put(root, -1);
  return { ...flame, texts, leftOut };
}

/** Boxes of fewer samples have no room. A box is never narrower than what stands on it, so no box loses its parent. */
function leastOf(root: FlameNode): number {
  const sizes: number[] = [];
  const walk = (node: FlameNode): void => {
    sizes.push(node.samples);
    for (const child of node.children.values()) walk(child);
  };
  walk(root);
  if (sizes.length <= MOST_BOXES) return 0;
  return (sizes.sort((a, b) => b - a)[MOST_BOXES] ?? 0) + 1;
}
