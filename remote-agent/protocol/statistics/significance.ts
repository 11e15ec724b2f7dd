/**
 * Whether two counts of samples differ by more than chance. Counts of samples are what a sampler saw: they scatter even
 * where nothing changed.
 *
 * The test is the log-likelihood ratio ("G") with one degree of freedom. It is preferred over the two-proportion z test
 * because profiles are full of small counts (T. Dunning, Accurate methods for the statistics of surprise and coincidence,
 * Computational Linguistics 19, 1993).
 *
 * What it cannot know: samples of one thread are not independent, since a function that runs now likely ran a tick ago.
 * So it sees more certainty than there is, and a repeated run says more than a small p. Thousands of functions are tested
 * at once: use `adjusted`.
 */

/** Of a frame by itself: coloured where its p is below. Of a table: its q. */
export const SIGNIFICANT = 0.01;

/**
 * p that two shares are the same: `before` of `allBefore` samples and `after` of `allAfter`. 1 where there is nothing to
 * compare.
 */
export function pOfShares(before: number, allBefore: number, after: number, allAfter: number): number {
  const all = allBefore + allAfter;
  const inside = before + after;
  if (allBefore <= 0 || allAfter <= 0 || inside === 0 || inside === all) return 1;
  const term = (seen: number, row: number, column: number) =>
    seen <= 0 ? 0 : seen * Math.log((seen * all) / (row * column));
  const g =
    term(before, allBefore, inside) +
    term(after, allAfter, inside) +
    term(allBefore - before, allBefore, all - inside) +
    term(allAfter - after, allAfter, all - inside);
  return pOfG(2 * g);
}

/** p that two rates are the same: counts that were collected over these exposures (time, or another count). */
export function pOfRates(before: number, exposureBefore: number, after: number, exposureAfter: number): number {
  const counts = before + after;
  if (exposureBefore <= 0 || exposureAfter <= 0 || counts === 0) return 1;
  const share = exposureBefore / (exposureBefore + exposureAfter);
  const term = (seen: number, expected: number) => (seen <= 0 ? 0 : seen * Math.log(seen / expected));
  return pOfG(2 * (term(before, counts * share) + term(after, counts * (1 - share))));
}

/**
 * p values of many tests → q values: of the rows with a q below 0.01, about 1 % are there by chance (Y. Benjamini and
 * Y. Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57, 1995). In the order they came.
 */
export function adjusted(p: ArrayLike<number>): Float64Array {
  const count = p.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => p[b]! - p[a]!);
  const q = new Float64Array(count);
  let least = 1;
  for (let i = 0; i < count; i++) {
    least = Math.min(least, (p[order[i]!]! * count) / (count - i));
    q[order[i]!] = least;
  }
  return q;
}

/** What sums of millions of samples leave of a difference that is none, either side of zero. */
const ROUNDING = 1e-8;

/** Upper tail of the chi-squared distribution with one degree of freedom. */
function pOfG(g: number): number {
  return g <= ROUNDING ? 1 : Math.min(1, erfc(Math.sqrt(g / 2)));
}

/** Of x ≥ 0, right to 1.2e-7 of its value: Chebyshev fit of W. Press et al., Numerical Recipes, "erfcc". */
const ERFC_FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
] as const;

function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const fit = ERFC_FIT.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + fit);
}
