import { united } from '../../store/index.ts';
import type { RangeNs, Selection } from '../../store/index.ts';
import { clamp, lengthOf, ordered, overlaps, shareAt } from './stretch.ts';

/** What a press on the axis has begun. `others`: what stays selected whatever comes of it. */
export type Drag =
  | { readonly kind: 'new'; readonly anchorNs: number; readonly others: readonly RangeNs[] }
  | {
      readonly kind: 'move';
      readonly range: RangeNs;
      readonly grabbedNs: number;
      readonly others: readonly RangeNs[];
    }
  /** Of one edge; the other stays. */
  | { readonly kind: 'resize'; readonly fixedNs: number; readonly others: readonly RangeNs[] };

/** An edge can be grabbed from so near. */
const EDGE_PX = 5;
/** What fills the picture is not there to be moved: a press in it begins a new range. */
const MOVABLE_SHARE = 0.95;

export interface Press {
  readonly atNs: number;
  readonly domain: RangeNs;
  readonly widthPx: number;
  /** Selected and standing still; none while the selection follows. */
  readonly ranges: readonly RangeNs[];
  /** With Ctrl, Shift or Command: one more range. */
  readonly adds: boolean;
}

export function pressed({ atNs, domain, widthPx, ranges, adds }: Press): Drag {
  const nearNs = (EDGE_PX / Math.max(1, widthPx)) * lengthOf(domain);
  const without = (range: RangeNs) => ranges.filter((each) => each !== range);
  for (const range of adds ? [] : ranges) {
    const [toStart, toEnd] = [Math.abs(atNs - range.fromNs), Math.abs(atNs - range.toNs)];
    if (Math.min(toStart, toEnd) <= nearNs)
      return { kind: 'resize', fixedNs: toStart < toEnd ? range.toNs : range.fromNs, others: without(range) };
    const isMovable = lengthOf(range) < lengthOf(domain) * MOVABLE_SHARE;
    if (isMovable && atNs > range.fromNs && atNs < range.toNs)
      return { kind: 'move', range, grabbedNs: atNs, others: without(range) };
  }
  return { kind: 'new', anchorNs: atNs, others: adds ? ranges : [] };
}

/** The range as it would be if it were let go now. */
export function dragged(drag: Drag, atNs: number, bounds: RangeNs): RangeNs {
  const [least, most] = [bounds.fromNs, bounds.toNs];
  const inside = Math.min(most, Math.max(least, atNs));
  switch (drag.kind) {
    case 'new':
      return ordered(drag.anchorNs, inside);
    case 'resize':
      return ordered(drag.fixedNs, inside);
    case 'move': {
      const { fromNs, toNs } = drag.range;
      const shiftNs = Math.min(Math.max(atNs - drag.grabbedNs, least - fromNs), most - toNs);
      return { fromNs: fromNs + shiftNs, toNs: toNs + shiftNs };
    }
  }
}

/** What is selected when it is let go. */
export function dropped(drag: Drag, atNs: number, bounds: RangeNs): Selection['range'] | null {
  return united([...drag.others, dragged(drag, atNs, bounds)]);
}

/** Where a range is drawn; null where none of it can be seen. */
export function placed(domain: RangeNs, range: RangeNs): { left: string; width: string } | null {
  if (!overlaps(domain, range)) return null;
  const left = Math.max(0, shareAt(domain, range.fromNs));
  const right = Math.min(1, shareAt(domain, range.toNs));
  return { left: `${left * 100}%`, width: `${(right - left) * 100}%` };
}

/** Where a moment is drawn, in shares of the plot; null where it cannot be seen. */
export function leftOf(domain: RangeNs, ns: number): string | null {
  const share = shareAt(domain, ns);
  return share < -0.0001 || share > 1.0001 ? null : `${clamp(share, 0, 1) * 100}%`;
}
