import { isFixed, rangeOf } from '../../store/index.ts';
import type { RangeNs, Selection } from '../../store/index.ts';
import { lengthOf, within } from './stretch.ts';

/** A short range is seen among what came before it: three times its length, and not less than two minutes. */
const CONTEXT = 3;
const CONTEXT_AT_LEAST_NS = 120e9;
/** A session of a few seconds is drawn on half a minute, so that its first picture does not race across. */
const SHORTEST_NS = 30e9;

/** Which part of the axis is shown. null = as much as what is followed needs. */
export type Zoom = {
  readonly lengthNs: number;
  /** null = up to the newest data, and on with it. */
  readonly toNs: number | null;
} | null;

export interface AxisTime {
  readonly extent: { readonly firstNs: number; readonly lastNs: number };
  /** Where the axis stood when the selection was fixed; null while it follows. */
  readonly held: { readonly firstNs: number; readonly lastNs: number } | null;
  readonly following: Selection['range'];
  /** Data still comes in. What is over is shown whole. */
  readonly grows: boolean;
}

/** All there is to see. */
export function boundsOf({ extent, grows }: Pick<AxisTime, 'extent' | 'grows'>): RangeNs {
  return grows ? atLeastShort(extent.firstNs, extent.lastNs) : { fromNs: extent.firstNs, toNs: extent.lastNs };
}

/** The stretch that is drawn. */
export function domainOf(time: AxisTime, zoom: Zoom): RangeNs {
  if (zoom === null) return followed(time);
  const toNs = zoom.toNs ?? (time.held ?? time.extent).lastNs;
  return within(boundsOf(time), { fromNs: toNs - zoom.lengthNs, toNs });
}

function followed({ extent, held, following, grows }: AxisTime): RangeNs {
  if (!grows) return boundsOf({ extent, grows });
  const stood = held ?? extent;
  const { fromNs, toNs } = rangeOf(following, stood);
  if (following.kind !== 'last') return atLeastShort(fromNs, toNs);
  const spanNs = Math.max(following.seconds * 1e9 * CONTEXT, CONTEXT_AT_LEAST_NS);
  return atLeastShort(Math.max(stood.firstNs, toNs - spanNs), toNs);
}

/** What zooming or panning to `domain` means: all is no zoom, and whoever sees the newest data goes on with it. */
export function zoomTo(domain: RangeNs, time: AxisTime): Zoom {
  const bounds = boundsOf(time);
  const lengthNs = lengthOf(domain);
  const isAll = lengthNs >= lengthOf(bounds) * 0.999;
  if (isAll && !time.grows) return null;
  const reachesEnd = time.grows && time.held === null && domain.toNs >= bounds.toNs - lengthNs * 0.001;
  return { lengthNs: isAll ? Number.POSITIVE_INFINITY : lengthNs, toNs: reachesEnd || isAll ? null : domain.toNs };
}

/** Whether the picture goes along with what comes in. */
export function isLive(zoom: Zoom, range: Selection['range']): boolean {
  return (zoom === null || zoom.toNs === null) && !isFixed(range);
}

function atLeastShort(fromNs: number, toNs: number): RangeNs {
  return { fromNs: Math.min(fromNs, toNs - SHORTEST_NS), toNs };
}
