import { rangeOf } from '../../store/index.ts';
import type { RangeNs, Selection } from '../../store/index.ts';

/** A short range is seen among what came before it: three times its length, and not less than two minutes. */
const CONTEXT = 3;
const CONTEXT_AT_LEAST_NS = 120e9;
/** A session of a few seconds is drawn on half a minute, so that its first picture does not race across. */
const SHORTEST_NS = 30e9;

/** The stretch of the axis the timeline shows, given what the views follow and what data there is. */
export function domainOf(
  following: Selection['range'],
  extent: { readonly firstNs: number; readonly lastNs: number },
): RangeNs {
  const { fromNs, toNs } = rangeOf(following, extent);
  if (following.kind !== 'last') return widened(fromNs, toNs);
  const spanNs = Math.max(following.seconds * 1e9 * CONTEXT, CONTEXT_AT_LEAST_NS);
  return widened(Math.max(extent.firstNs, toNs - spanNs), toNs);
}

function widened(fromNs: number, toNs: number): RangeNs {
  return { fromNs: Math.min(fromNs, toNs - SHORTEST_NS), toNs };
}
