import type { RangeNs } from '../../store/index.ts';

/** Arithmetic of the shown part of the axis. Nothing here knows pixels. */

/** Two windows of a second: nearer than that there is nothing more to see. */
const NARROWEST_NS = 2e9;

export function lengthOf({ fromNs, toNs }: RangeNs): number {
  return toNs - fromNs;
}

export function ordered(aNs: number, bNs: number): RangeNs {
  return { fromNs: Math.min(aNs, bNs), toNs: Math.max(aNs, bNs) };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Where a time lies, 0 = left edge, 1 = right edge; beyond them outside. */
export function shareAt(domain: RangeNs, ns: number): number {
  return (ns - domain.fromNs) / Math.max(1, lengthOf(domain));
}

export function nsAt(domain: RangeNs, share: number): number {
  return domain.fromNs + share * lengthOf(domain);
}

/** As long as it is, moved so that it lies within; cut where it is longer. */
export function within(bounds: RangeNs, range: RangeNs): RangeNs {
  const length = Math.min(lengthOf(range), lengthOf(bounds));
  const fromNs = clamp(range.fromNs, bounds.fromNs, bounds.toNs - length);
  return { fromNs, toNs: fromNs + length };
}

/** `factor` < 1 comes closer; `atNs` stays where it is. */
export function zoomed(domain: RangeNs, factor: number, atNs: number, bounds: RangeNs): RangeNs {
  const length = clamp(lengthOf(domain) * factor, Math.min(NARROWEST_NS, lengthOf(bounds)), lengthOf(bounds));
  const fromNs = atNs - clamp(shareAt(domain, atNs), 0, 1) * length;
  return within(bounds, { fromNs, toNs: fromNs + length });
}

/** `by`: in lengths of what is shown; positive goes to later. */
export function panned(domain: RangeNs, by: number, bounds: RangeNs): RangeNs {
  const shiftNs = lengthOf(domain) * by;
  return within(bounds, { fromNs: domain.fromNs + shiftNs, toNs: domain.toNs + shiftNs });
}

/** A stretch with as much again around it: what "show me this" shows. */
export function around(range: RangeNs, bounds: RangeNs): RangeNs {
  const middleNs = (range.fromNs + range.toNs) / 2;
  const length = clamp(lengthOf(range) * 2, Math.min(20e9, lengthOf(bounds)), lengthOf(bounds));
  return within(bounds, { fromNs: middleNs - length / 2, toNs: middleNs + length / 2 });
}

export function overlaps(a: RangeNs, b: RangeNs): boolean {
  return a.fromNs < b.toNs && b.fromNs < a.toNs;
}
