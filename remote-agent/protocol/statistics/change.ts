/** What 100 % are, on each side of a comparison: counts become comparable by dividing by it. */
import { pOfRates, pOfShares, SIGNIFICANT } from './significance.ts';

/**
 * - samples: all samples of the side; says what the time was spent on, whatever time that was
 * - time: the ticks one CPU had; says how much of a CPU something took
 * - total: the samples of one function; says how its inside changed
 */
export type Normalisation = 'samples' | 'time' | 'total';

export interface Basis {
  readonly by: Normalisation;
  /** Samples that are 100 %. */
  readonly before: number;
  readonly after: number;
}

export interface Change {
  /** Of 100 %, 0..1; of time also above. */
  readonly before: number;
  readonly after: number;
  /** after − before: share points, as a fraction. */
  readonly points: number;
  /** after ÷ before: Infinity for what is new, NaN for what is on neither side. */
  readonly ratio: number;
  /** That it is chance; see significance.ts. */
  readonly p: number;
}

/** Samples on both sides → what changed. */
export function changeOf(before: number, after: number, basis: Basis): Change {
  const [was, is] = [shareOf(before, basis.before), shareOf(after, basis.after)];
  return { before: was, after: is, points: is - was, ratio: is / was, p: chanceOf(before, after, basis) };
}

function chanceOf(before: number, after: number, { by, before: allBefore, after: allAfter }: Basis): number {
  return by === 'samples'
    ? pOfShares(before, allBefore, after, allAfter)
    : pOfRates(before, allBefore, after, allAfter);
}

function shareOf(count: number, all: number): number {
  return all > 0 ? count / all : 0;
}

/** Ratios from which on a change is told apart, in either direction. New and gone are beyond the last. */
export const RATIO_STEPS = [1.1, 1.5, 2, 4] as const;

/** A ratio and its reciprocal are the same step, also where they lie on its edge. */
const ROUNDING = 1e-9;

/** −4 … 4; 0 = about the same. Positive: more than before. */
export function stepOf(ratio: number): number {
  if (Number.isNaN(ratio)) return 0;
  const size = ratio >= 1 ? ratio : 1 / ratio;
  let step = 0;
  for (const from of RATIO_STEPS) if (size * (1 + ROUNDING) >= from) step++;
  return ratio >= 1 ? step : -step;
}

/** The same of a change that is hardly chance; 0 of any other. For every frame of a picture: tests only where it matters. */
export function certainStep(before: number, after: number, basis: Basis): number {
  const step = stepOf(shareOf(after, basis.after) / shareOf(before, basis.before));
  return step !== 0 && chanceOf(before, after, basis) < SIGNIFICANT ? step : 0;
}
