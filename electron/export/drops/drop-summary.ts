/** Dropped packets of a summary: in numbers, with names that `--json` prints, and in words. */
import { completeness, cut } from '../summary/summary-words.ts';
import type { CollectedDrops } from './collect-drops.ts';
import { placeName } from './drops-kind.ts';

export interface DropSummary {
  /** Covered by windows. */
  readonly seconds: number;
  readonly gapSeconds: number;
  /** Packets. seen = kept + the sum of lost. */
  readonly seen: number;
  readonly kept: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly mergedWindows: number;
  /** Packets by place: one may be counted at several. */
  readonly places: Readonly<Record<string, number>>;
  /** Ten, by packets. */
  readonly top: readonly { readonly place: string; readonly cause: string; readonly packets: number }[];
}

const NS_PER_SECOND = 1e9;
const TOP = 10;

/** null where the recording has no windows of them. */
export function summarizeDrops({ totals, coveredNs, gapNs, mergedWindows, drops }: CollectedDrops): DropSummary | null {
  if (coveredNs === 0) return null;
  return {
    seconds: coveredNs / NS_PER_SECOND,
    gapSeconds: gapNs / NS_PER_SECOND,
    seen: totals.seen,
    kept: totals.kept,
    lost: Object.fromEntries(totals.lost),
    mergedWindows,
    places: placesOf(drops),
    top: drops.slice(0, TOP).map(({ place, cause, packets }) => ({ place: placeName(place), cause, packets })),
  };
}

function placesOf(drops: CollectedDrops['drops']): Record<string, number> {
  const places: Record<string, number> = {};
  for (const { place, packets } of drops) places[placeName(place)] = (places[placeName(place)] ?? 0) + packets;
  return places;
}

export function dropLines(drops: DropSummary): string[] {
  const { seconds, places, top } = drops;
  const counted = Object.entries(places).map(([place, packets]) => `${packets} by ${place}`);
  return [
    `${seconds.toFixed(1)} s of dropped packets: counted ${counted.join(', ') || 'none'}`,
    ...completeness(drops),
    ...(top.length === 0 ? [] : ['', ' packets  counted by  cause']),
    ...top.map(({ place, cause, packets }) => `${String(packets).padStart(8)}  ${place.padEnd(10)}  ${cut(cause)}`),
  ];
}
