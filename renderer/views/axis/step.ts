import type { RangeNs } from '../../store/index.ts';
import { TIME_STEPS_S } from '../../widgets/time-ticks.ts';
import { lengthOf } from './stretch.ts';

/** An edge crosses the picture with so many presses of an arrow key, at most. */
const MOST_STEPS = 300;

/** How far an arrow key moves an edge: a round time. */
export function stepNs(domain: RangeNs): number {
  const lengthS = lengthOf(domain) / 1e9;
  return (TIME_STEPS_S.find((seconds) => lengthS / seconds <= MOST_STEPS) ?? Math.ceil(lengthS / MOST_STEPS)) * 1e9;
}
