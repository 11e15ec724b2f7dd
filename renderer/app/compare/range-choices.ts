import type { RangeNs } from '../../store/index.ts';

/** A way to compare the range on the screen with another one of the same session. */
export interface RangeChoice {
  readonly id: string;
  readonly title: string;
  readonly before: RangeNs;
  readonly after: RangeNs;
}

export interface RangeWishes {
  /** On the screen. */
  readonly shown: readonly RangeNs[];
  /** What there is. */
  readonly extent: RangeNs;
  /** Put aside before. */
  readonly kept: RangeNs | null;
}

/** Shorter ranges hold next to no samples. */
const SHORTEST_NS = 1e8;

/** Those that have something to show, the likeliest first. */
export function rangeChoices({ shown, extent, kept }: RangeWishes): RangeChoice[] {
  const [first, second] = shown;
  if (!first) return [];
  const length = first.toNs - first.fromNs;
  const middleNs = first.fromNs + length / 2;
  const beforeFromNs = Math.max(extent.fromNs, first.fromNs - length);
  const choices: RangeChoice[] = [];
  if (second)
    choices.push({ id: 'both', title: 'The first selected range with the second', before: first, after: second });
  if (kept && !same(kept, first))
    choices.push({ id: 'kept', title: 'The range put aside with this one', before: kept, after: first });
  if (first.fromNs - beforeFromNs >= SHORTEST_NS && !second)
    choices.push({
      id: 'previous',
      title: 'As long before with this range',
      before: { fromNs: beforeFromNs, toNs: first.fromNs },
      after: first,
    });
  if (length >= 2 * SHORTEST_NS && !second)
    choices.push({
      id: 'halves',
      title: 'First half of this range with the second',
      before: { fromNs: first.fromNs, toNs: middleNs },
      after: { fromNs: middleNs, toNs: first.toNs },
    });
  return choices;
}

export function same(a: RangeNs, b: RangeNs): boolean {
  return a.fromNs === b.fromNs && a.toNs === b.toNs;
}
