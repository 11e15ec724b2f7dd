import type { RangeNs, Series } from '../../store/index.ts';
import { lengthOf } from './stretch.ts';

/** A series as a picture of so many columns can show it. Rates per second; NaN = nothing is known of that time. */
export interface Columns {
  /** Left edge of column 0: a multiple of their width, so that a sliding picture does not shimmer. */
  readonly startNs: number;
  readonly widthNs: number;
  /** Of what was known of a column's time. */
  readonly mean: Float64Array;
  readonly highest: Float64Array;
}

/** Walks the points within `domain` once. */
export function columnsOf(series: Series, domain: RangeNs, count: number): Columns {
  const widthNs = lengthOf(domain) / Math.max(1, count);
  const startNs = Math.floor(domain.fromNs / widthNs) * widthNs;
  // One more, because the first begins before the domain.
  const known = new Float64Array(count + 1);
  const mean = new Float64Array(count + 1);
  const highest = new Float64Array(count + 1).fill(Number.NaN);
  for (let i = firstAfter(series, startNs); i < series.count; i++) {
    const fromNs = series.fromNs[i]!;
    const toNs = series.toNs[i]!;
    if (fromNs >= domain.toNs) break;
    if (toNs <= fromNs) continue;
    const perNs = series.value[i]! / (toNs - fromNs);
    const first = Math.max(0, Math.floor((fromNs - startNs) / widthNs));
    const last = Math.min(count, Math.ceil((toNs - startNs) / widthNs) - 1);
    for (let column = first; column <= last; column++) {
      const leftNs = startNs + column * widthNs;
      const overlapNs = Math.min(toNs, leftNs + widthNs) - Math.max(fromNs, leftNs);
      if (overlapNs <= 0) continue;
      known[column] = known[column]! + overlapNs;
      mean[column] = mean[column]! + perNs * overlapNs;
      if (!(highest[column]! >= perNs * 1e9)) highest[column] = perNs * 1e9;
    }
  }
  for (let column = 0; column <= count; column++) mean[column] = (mean[column]! / known[column]!) * 1e9;
  return { startNs, widthNs, mean, highest };
}

/** Rate per second at a moment; null where nothing is known of it. */
export function rateAt(series: Series, atNs: number): number | null {
  const i = firstAfter(series, atNs);
  const fromNs = series.fromNs[i]!;
  if (i >= series.count || fromNs > atNs) return null;
  return (series.value[i]! / (series.toNs[i]! - fromNs)) * 1e9;
}

/** The gap a moment lies in, null where it lies in none. Open ends reach to the extent. */
export function gapAt(series: Series, atNs: number, extent: RangeNs): RangeNs | null {
  const i = firstAfter(series, atNs);
  if (i < series.count && series.fromNs[i]! <= atNs) return null;
  const fromNs = i > 0 ? series.toNs[i - 1]! : extent.fromNs;
  const toNs = i < series.count ? series.fromNs[i]! : extent.toNs;
  return { fromNs: Math.max(fromNs, extent.fromNs), toNs: Math.min(toNs, extent.toNs) };
}

/** First point that ends after a time. */
function firstAfter({ toNs, count }: Series, ns: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (toNs[middle]! > ns) high = middle;
    else low = middle + 1;
  }
  return low;
}
