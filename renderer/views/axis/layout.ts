/** How the axis is put together from top to bottom, in CSS px: flags, tracks, losses, ruler. */
export interface AxisLayout {
  /** Where the flags end and the tracks begin. */
  readonly flagsPx: number;
  readonly trackPx: number;
  readonly trackTops: readonly number[];
  readonly lostPx: number;
  readonly lostHeightPx: number;
  readonly rulerPx: number;
  readonly heightPx: number;
}

export const AXIS_SIZES = ['full', 'line'] as const;
/** All tracks, or only that of the view on the screen. */
export type AxisSize = (typeof AXIS_SIZES)[number];

const FULL = { flagsPx: 15, trackPx: 23, lostHeightPx: 5, rulerHeightPx: 18 };
const LINE = { flagsPx: 12, trackPx: 20, lostHeightPx: 4, rulerHeightPx: 18 };
const APART_PX = 3;

export function layoutOf(size: AxisSize, tracks: number): AxisLayout {
  const { flagsPx, trackPx, lostHeightPx, rulerHeightPx } = size === 'full' ? FULL : LINE;
  const trackTops = Array.from({ length: tracks }, (_, index) => flagsPx + index * (trackPx + APART_PX));
  const lostPx = flagsPx + tracks * (trackPx + APART_PX) - (tracks > 0 ? APART_PX - 1 : 0);
  const rulerPx = lostPx + lostHeightPx + 1;
  return { flagsPx, trackPx, trackTops, lostPx, lostHeightPx, rulerPx, heightPx: rulerPx + rulerHeightPx };
}
