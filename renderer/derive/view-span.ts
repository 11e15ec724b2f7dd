import type { Span } from './boxes.ts';
import type { Placement } from './placement.ts';
import { type CallTree, ROOT } from './tree.ts';

/** Narrower than this the numbers behind the picture end: a double has 15 digits, a picture needs 4 of them. */
const NARROWEST = 1e-10;

export function spanOf({ start, width }: Placement, node: number): Span {
  return { from: start[node]!, to: start[node]! + width[node]! };
}

export function isWhole(span: Span): boolean {
  return span.from <= 0 && span.to >= 1;
}

/** Keeps the width where it can, and the span within the picture. */
export function within({ from, to }: Span): Span {
  const width = Math.min(1, Math.max(NARROWEST, to - from));
  const left = Math.min(Math.max(0, from), 1 - width);
  return { from: left, to: left + width };
}

/** `factor` < 1 comes closer. `at`: the place that stays where it is, 0 = left edge, 1 = right edge of the picture. */
export function zoomed({ from, to }: Span, factor: number, at: number): Span {
  const fixed = from + (to - from) * at;
  const width = Math.min(1, Math.max(NARROWEST, (to - from) * factor));
  return within({ from: fixed - width * at, to: fixed + width * (1 - at) });
}

/** `by`: in widths of the picture; positive shows what lies to the right. */
export function panned({ from, to }: Span, by: number): Span {
  const shift = (to - from) * by;
  return within({ from: from + shift, to: to + shift });
}

export function blended(a: Span, b: Span, progress: number): Span {
  return { from: a.from + (b.from - a.from) * progress, to: a.to + (b.to - a.to) * progress };
}

/** The deepest node that reaches over the whole span: what the user is looking at. */
export function enclosing(tree: CallTree, placement: Placement, span: Span): number {
  // Spans are computed, so their edges differ from a node's in the last digits.
  const slack = (span.to - span.from) * 1e-6;
  let found = ROOT;
  for (let child = ROOT + 1; child < tree.end[found]!; ) {
    const { from, to } = spanOf(placement, child);
    if (from <= span.from + slack && to >= span.to - slack) {
      found = child;
      child++;
    } else child = tree.end[child]!;
  }
  return found;
}

/** The span seen from a node: 0 = its left edge, 1 = its right. What stays the same when the picture changes. */
export function relativeTo(node: Span, span: Span): Span {
  const width = node.to - node.from || 1;
  return { from: (span.from - node.from) / width, to: (span.to - node.from) / width };
}

export function absoluteIn(node: Span, relative: Span): Span {
  const width = node.to - node.from;
  return within({ from: node.from + relative.from * width, to: node.from + relative.to * width });
}

/**
 * A span in which a node can be seen: at least `share` of the picture wide. null if it can be seen in `view`; otherwise
 * as little change as that takes: a step aside, or the span of the farthest caller that still leaves it wide enough.
 */
export function spanShowing(
  tree: CallTree,
  placement: Placement,
  view: Span,
  node: number,
  share: number,
): Span | null {
  const own = spanOf(placement, node);
  const viewWidth = view.to - view.from;
  const isWide = own.to - own.from >= viewWidth * share;
  if (isWide && own.from < view.to && own.to > view.from) return null;
  // A tenth of the picture stays free at its left.
  if (isWide) return panned(view, (own.from - view.from) / viewWidth - 0.1);
  let around = node;
  while (around > ROOT && placement.width[node]! >= placement.width[tree.parent[around]!]! * share) {
    around = tree.parent[around]!;
  }
  return spanOf(placement, around);
}
