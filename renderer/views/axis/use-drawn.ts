import { useMemo } from 'react';
import type { RangeNs, StoreSnapshot } from '../../store/index.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { AxisSize } from './layout.ts';
import { onlyTrack, seriesOf, topOf, type Track, trackIds, trackOf } from './tracks.ts';

/** A track as it is drawn just now. */
export interface DrawnTrack {
  readonly track: Track;
  readonly columns: Columns;
  /** Rate at the top of its picture. */
  readonly top: number;
}

export interface Drawn {
  readonly tracks: readonly Track[];
  readonly drawn: readonly DrawnTrack[];
  readonly lost: Columns;
}

/** The tracks of a stretch in so many columns. */
export function useDrawn(
  { series, device }: StoreSnapshot,
  domain: RangeNs,
  size: AxisSize,
  probe: string,
  widthPx: number,
): Drawn {
  const all = trackIds(series);
  const ids = (size === 'line' ? onlyTrack(all, probe) : all).join(' ');
  const cpus = Math.max(1, device?.onlineCpus ?? 1);
  const tracks = useMemo(() => ids.split(' ').flatMap((id) => trackOf(id, cpus) ?? []), [ids, cpus]);
  const drawn = useMemo(
    () =>
      tracks.map((track): DrawnTrack => {
        const columns = columnsOf(seriesOf(series, track.id), domain, widthPx);
        return { track, columns, top: topOf(track, columns) };
      }),
    [series, tracks, domain, widthPx],
  );
  const lost = useMemo(() => columnsOf(seriesOf(series, 'lost'), domain, widthPx), [series, domain, widthPx]);
  return { tracks, drawn, lost };
}

/** The same for whoever cannot see it. */
export function inWords(drawn: readonly DrawnTrack[]): string {
  return drawn
    .map(({ track, columns }) => {
      let [sum, known, most] = [0, 0, 0];
      for (const [column, mean] of columns.mean.entries()) {
        if (Number.isNaN(mean)) continue;
        sum += mean;
        known++;
        most = Math.max(most, columns.highest[column]!);
      }
      if (known === 0) return `${track.title}: nothing here`;
      return `${track.title}: ${track.text(sum / known)} on average, ${track.text(most)} at most`;
    })
    .join('; ');
}
