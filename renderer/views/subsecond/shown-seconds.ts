import { type Seconds, secondsWithin } from '../../derive/subsecond/index.ts';
import type { RangeNs } from '../../store/index.ts';

export interface ShownRequest {
  /** What the views show. */
  readonly range: RangeNs;
  /** The range stands still. */
  readonly isFixed: boolean;
  /** All there is. */
  readonly extent: RangeNs;
  /** As many as can be told apart. */
  readonly most: number;
}

/** Fewer would be bars and no picture. */
const FEWEST = 20;

/** Seconds to show: a range that stands still with what is around it, of any other the newest ones. */
export function shownSeconds({ range, isFixed, extent, most }: ShownRequest): Seconds {
  const wanted = secondsWithin(range);
  const all = secondsWithin(extent);
  const count = Math.min(most, Math.max(FEWEST, wanted.count));
  if (!isFixed) return placed({ first: wanted.first + wanted.count - count, count }, all);
  const around = Math.max(0, count - wanted.count);
  return placed({ first: wanted.first - Math.floor(around / 2), count }, all);
}

/** A page earlier or later, as far as there is something. */
export function turned(shown: Seconds, by: -1 | 1, extent: RangeNs): Seconds {
  const step = Math.max(1, Math.round(shown.count * 0.8));
  return placed({ first: shown.first + by * step, count: shown.count }, secondsWithin(extent));
}

/** Moved to where there is something; where there is less than that, it begins with the first second. */
function placed({ first, count }: Seconds, all: Seconds): Seconds {
  return { first: Math.max(all.first, Math.min(first, all.first + all.count - count)), count };
}

export function isSame(a: Seconds, b: Seconds): boolean {
  return a.first === b.first && a.count === b.count;
}
