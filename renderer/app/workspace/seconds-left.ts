/** How long what goes on evenly will take, judged by what it took so far. */

interface Moment {
  /** 0..1 */
  readonly progress: number;
  readonly nowMs: number;
}

/** What comes first is no measure: a program warms up. */
const FIRST_MS = 3000;
const FIRST_PART = 0.01;
/** A number that changes with every look is read by nobody; of minutes, seconds are of no interest. */
const STEP_S = 5;
const MINUTES_S = 120;
const MINUTES_STEP_S = 30;

/** null: too early to say, or done. Begun with any progress: somebody else may have made it. */
export function secondsLeft(begun: Moment, now: Moment): number | null {
  const tookMs = now.nowMs - begun.nowMs;
  const part = now.progress - begun.progress;
  if (tookMs < FIRST_MS || part < FIRST_PART || now.progress >= 1) return null;
  const leftS = ((tookMs / part) * (1 - now.progress)) / 1000;
  const stepS = leftS > MINUTES_S ? MINUTES_STEP_S : STEP_S;
  return Math.max(stepS, Math.ceil(leftS / stepS) * stepS);
}
