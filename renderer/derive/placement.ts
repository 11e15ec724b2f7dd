import { type CallTree, ROOT } from './tree.ts';

/**
 * Where each node lies in configuration space, whose width is all samples and goes from 0 to 1, whatever the window is
 * wide. A node's children lie side by side from its left edge on; what is left over at the right is its own time.
 */
export interface Placement {
  /** Fractions of the root's width, by node. */
  readonly start: Float64Array;
  readonly width: Float64Array;
}

export function place(tree: CallTree): Placement {
  const { count, parent, total } = tree;
  const start = new Float64Array(count);
  const width = new Float64Array(count);
  /** Left edge of the next child. */
  const next = new Float64Array(count);
  const scale = total[ROOT]! > 0 ? 1 / total[ROOT]! : 0;
  for (let node = 0; node < count; node++) {
    const up = parent[node]!;
    width[node] = total[node]! * scale;
    start[node] = up < 0 ? 0 : next[up]!;
    if (up >= 0) next[up] = start[node]! + width[node]!;
    next[node] = start[node]!;
  }
  return { start, width };
}

/** Between two placements of the same tree: progress 0 = from, 1 = to. Parents keep enclosing their children on the way. */
export function between(from: Placement, to: Placement, progress: number, into: Placement): void {
  const count = to.start.length;
  for (let node = 0; node < count; node++) {
    into.start[node] = from.start[node]! + (to.start[node]! - from.start[node]!) * progress;
    into.width[node] = from.width[node]! + (to.width[node]! - from.width[node]!) * progress;
  }
}
