import type { RangeNs, StoreSnapshot } from '../../store/index.ts';
import { formatCount, formatDuration } from '../../widgets/format.ts';
import { gapAt, rateAt } from './columns.ts';
import { type Happening, wasRunning } from './happenings.ts';
import { lengthOf } from './stretch.ts';
import { seriesOf, type Track } from './tracks.ts';

export interface ReadoutLine {
  readonly title: string;
  readonly text: string;
  readonly kind: 'value' | 'gap' | 'lost' | 'told';
}

type Told = Pick<StoreSnapshot, 'series' | 'probes' | 'firstNs' | 'lastNs'>;

/** What there is to say of a moment: each track's value, or why it has none; what was lost; what was told nearby. */
export function readoutAt(
  atNs: number,
  nearNs: number,
  tracks: readonly Track[],
  snapshot: Told,
  happenings: readonly Happening[],
): readonly ReadoutLine[] {
  const lost = rateAt(seriesOf(snapshot.series, 'lost'), atNs) ?? 0;
  return [
    ...tracks.map((track) => valueLine(track, atNs, snapshot)),
    ...(lost > 0 ? [{ title: 'Lost', text: `${formatCount(Math.max(1, lost))}/s`, kind: 'lost' } as const] : []),
    ...happenings
      .filter((each) => Math.abs(each.atNs - atNs) <= nearNs)
      .slice(-3)
      .map(({ text }) => ({ title: '', text, kind: 'told' }) as const),
  ];
}

function valueLine(track: Track, atNs: number, snapshot: Told): ReadoutLine {
  const series = seriesOf(snapshot.series, track.id);
  const rate = rateAt(series, atNs);
  if (rate !== null) return { title: track.title, text: track.text(rate), kind: 'value' };
  const gap = gapAt(series, atNs, { fromNs: snapshot.firstNs, toNs: snapshot.lastNs });
  return { title: track.title, text: gap ? gapText(track, gap, atNs, snapshot) : '', kind: 'gap' };
}

function gapText({ probe }: Track, gap: RangeNs, atNs: number, snapshot: Told): string {
  const { series, probes, firstNs, lastNs } = snapshot;
  if (atNs < firstNs) return 'before the first data';
  if (atNs > lastNs) return 'not yet';
  const length = formatDuration(lengthOf(gap) / 1e9);
  if (probe !== null && wasRunning(probes.get(probe)?.events ?? [], atNs) === false)
    return `no data for ${length}: it was not running`;
  const isSilent = [...series.values()].every((each) => rateAt(each, atNs) === null);
  return isSilent ? `no data for ${length}: nothing came from the device` : `no data for ${length}`;
}
