import type { SeriesId } from '../../../remote-agent/protocol/series.ts';
import type { Series, StoreSnapshot } from '../../store/index.ts';
import { valueAxis } from '../../widgets/axis.ts';
import { formatBytesPerSecond, formatCores, formatRate, formatShort } from '../../widgets/format.ts';
import type { Columns } from './columns.ts';

/** A line of the axis. */
export interface Track {
  readonly id: SeriesId;
  readonly title: string;
  /** Which probe sends it; null = the agent does, all the time. */
  readonly probe: string | null;
  /** Of a rate per second as the series has it. */
  readonly text: (rate: number) => string;
  /** The same where there is little room. */
  readonly shortText: (rate: number) => string;
  /** What one unit of its scale is in the series' rate, and the least its top can be, in those units. */
  readonly unit: number;
  readonly leastTop: number;
}

/** One series tells both; the first that has data is shown. */
const BUSY: readonly SeriesId[] = ['cpu', 'samples'];
const OTHERS: readonly SeriesId[] = ['calls', 'bytes'];
/** What the views that have one look at, by probe. */
const OF_PROBE = new Map<string, SeriesId>([
  ['cpu-profile', 'cpu'],
  ['syscalls', 'calls'],
  ['net-flows', 'bytes'],
]);

/** Those that have something to show, in the order in which they lie under each other. */
export function trackIds(series: StoreSnapshot['series']): readonly SeriesId[] {
  const hasData = (id: SeriesId) => (series.get(id)?.count ?? 0) > 0;
  const busy = BUSY.find(hasData);
  return [...(busy ? [busy] : []), ...OTHERS.filter(hasData)];
}

/** Where there is room for one: that of the view on the screen. */
export function onlyTrack(ids: readonly SeriesId[], probe: string): readonly SeriesId[] {
  const wanted = ids.find((id) => id === OF_PROBE.get(probe)) ?? ids[0];
  return wanted ? [wanted] : [];
}

/** null = there is no track of that name. */
export function trackOf(id: string, cpus: number): Track | null {
  const perSecond = (rate: number) => `${formatRate(rate)}/s`;
  const shortly = (rate: number) => `${formatShort(rate)}/s`;
  switch (id) {
    case 'cpu': {
      // Busy ns per second of all CPUs.
      const percent = (rate: number) => formatCores(Math.min(100, rate / cpus / 1e7));
      return { id, title: 'CPU', probe: null, text: percent, shortText: percent, unit: cpus * 1e7, leastTop: 10 };
    }
    case 'samples':
      return { id, title: 'Samples', probe: 'cpu-profile', text: perSecond, shortText: shortly, unit: 1, leastTop: 1 };
    case 'bytes':
      return {
        id,
        title: 'Network',
        probe: 'net-flows',
        text: formatBytesPerSecond,
        shortText: formatBytesPerSecond,
        unit: 1,
        leastTop: 1,
      };
    case 'calls':
      return { id, title: 'Calls', probe: 'syscalls', text: perSecond, shortText: shortly, unit: 1, leastTop: 1 };
    default:
      return null;
  }
}

/** What the top of a track's picture stands for: a round number above all that is shown. */
export function topOf({ unit, leastTop }: Track, { highest }: Columns): number {
  let most = 0;
  for (const value of highest) if (value > most) most = value;
  return valueAxis(most / unit, leastTop).domain[1] * unit;
}

export function seriesOf(series: StoreSnapshot['series'], id: SeriesId): Series {
  return series.get(id) ?? EMPTY;
}

const NOTHING = new Float64Array(0);
const EMPTY: Series = { id: 'lost', count: 0, fromNs: NOTHING, toNs: NOTHING, value: NOTHING };
