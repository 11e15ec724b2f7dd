import type { Throughput } from '../../../derive/flows/index.ts';

/** One column of time as recharts draws it: a number by name of each series. null = nobody looked. */
export type RatePoint = { readonly atNs: number } & Readonly<Record<string, number | null>>;

export const RETRANSMITS = 'retransmits';
export const RTT = 'rtt';

/** Windows farther apart are not joined by a line. */
const GAP_NS = 0.5e9;

/** Middles of the columns, and a hole wherever nobody looked for a while. */
export function ratePoints({ columns, series, retransmits, rttNs }: Throughput): RatePoint[] {
  const points: RatePoint[] = [];
  for (let column = 0; column < columns.count; column++) {
    const fromNs = columns.fromNs[column]!;
    const beforeNs = column > 0 ? columns.toNs[column - 1]! : fromNs;
    if (fromNs - beforeNs > GAP_NS) points.push(hole((beforeNs + fromNs) / 2, series.length));
    const values: [string, number | null][] = series.map((each, at) => [seriesKey(at), each.bytesPerSecond[column]!]);
    const roundTrip = rttNs[column]!;
    points.push({
      ...Object.fromEntries(values),
      [RETRANSMITS]: retransmits[column]!,
      [RTT]: Number.isNaN(roundTrip) ? null : roundTrip,
      atNs: (fromNs + columns.toNs[column]!) / 2,
    });
  }
  return points;
}

export function seriesKey(at: number): string {
  return `series${at}`;
}

function hole(atNs: number, series: number): RatePoint {
  const nothing: [string, null][] = [RETRANSMITS, RTT, ...Array.from({ length: series }, (_, at) => seriesKey(at))].map(
    (key) => [key, null],
  );
  return { ...Object.fromEntries(nothing), atNs };
}

/** Bytes per second of all series together, in the column where it was most. */
export function highestSum({ columns, series }: Throughput): number {
  let most = 0;
  for (let column = 0; column < columns.count; column++) most = Math.max(most, sumAt(series, column));
  return most;
}

export function sumAt(series: Throughput['series'], column: number): number {
  return series.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond[column]!, 0);
}
