import { memo, useMemo } from 'react';
import { Area, AreaChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { rangeOf } from '../../store/index.ts';
import type { RangeNs, Selection, StoreSnapshot, WindowAxis } from '../../store/index.ts';
import { valueAxis } from '../../widgets/axis.ts';
import { formatDeviceTime, formatShort } from '../../widgets/format.ts';
import { timeTicks } from '../../widgets/time-ticks.ts';
import { Brush } from './brush.tsx';
import { domainOf } from './domain.ts';
import { bucketNs, timelineSeries } from './series.ts';
import type { TimelinePoint } from './series.ts';

export interface TimelineProps {
  readonly snapshot: StoreSnapshot;
  /** Of the probe whose rate is drawn. */
  readonly axis: WindowAxis;
  readonly words: TimelineWords;
  readonly range: Selection['range'];
  /** What Resume would go back to; it decides how much is shown around the selection. */
  readonly following: Selection['range'];
  /** Where the axis stood when the selection was fixed; null while it follows. */
  readonly held: { readonly firstNs: number; readonly lastNs: number } | null;
  readonly onSelect: (range: RangeNs) => void;
  readonly onFollow: () => void;
}

/** What the rates are called. */
export interface TimelineWords {
  /** "Samples per second" */
  readonly title: string;
  /** What was kept: "busy", "calls". */
  readonly kept: string;
  /** null where the probe knows no idle time. */
  readonly idle: string | null;
}

/** The brush is laid over the plot, so both must know its margins. Widths in px, as in timeline.css. */
const Y_AXIS_PX = 44;
const MARGIN = { top: 22, right: 30, bottom: 0, left: 0 };

export function Timeline({ snapshot, axis, words, range, following, held, onSelect, onFollow }: TimelineProps) {
  const { wallOffsetMs } = snapshot;
  const { fromNs, toNs } = domainOf(following, held ?? snapshot);
  const domain = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  // Windows of a held axis change no more; only their version would.
  const points = useMemo(() => timelineSeries(axis, domain), [axis, domain]);
  return (
    <div className="timeline">
      <Chart points={points} domain={domain} wallOffsetMs={wallOffsetMs} words={words} />
      <Legend fixed={range.kind === 'between'} words={words} />
      <Brush
        domain={domain}
        selected={rangeOf(range, snapshot)}
        stepNs={bucketNs(domain)}
        wallOffsetMs={wallOffsetMs}
        onSelect={onSelect}
        onFollow={onFollow}
      />
    </div>
  );
}

function Legend({ fixed, words }: { readonly fixed: boolean; readonly words: TimelineWords }) {
  return (
    <div className="timeline-legend">
      <span>{words.title}</span>
      <span>
        <span className="swatch swatch-busy" />
        {words.kept}
      </span>
      <span>
        <span className="swatch swatch-lost" />
        lost
      </span>
      {words.idle !== null && (
        <span>
          <span className="swatch swatch-idle" />
          {words.idle}
        </span>
      )}
      <span>{fixed ? 'Double-click to go back' : 'Drag to select a range'}</span>
    </div>
  );
}

interface ChartProps {
  readonly points: readonly TimelinePoint[];
  readonly domain: RangeNs;
  readonly wallOffsetMs: number | null;
  readonly words: TimelineWords;
}

const Chart = memo(function Chart({ points, domain, wallOffsetMs, words }: ChartProps) {
  return (
    <div className="timeline-chart" role="img" aria-label={describe(points, words)}>
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={points as TimelinePoint[]} margin={MARGIN} accessibilityLayer={false}>
          <XAxis
            dataKey="atNs"
            type="number"
            domain={[domain.fromNs, domain.toNs]}
            allowDataOverflow
            ticks={timeTicks(domain, wallOffsetMs) as number[]}
            tickFormatter={(ns: number) => formatDeviceTime(ns, wallOffsetMs)}
            height={18}
            tickSize={4}
            interval="preserveStartEnd"
            niceTicks="none"
          />
          <YAxis
            width={Y_AXIS_PX}
            {...valueAxis(highest(points), 1)}
            niceTicks="none"
            tickFormatter={formatShort}
            tickSize={4}
            interval={0}
          />
          <Area {...AREA} dataKey="busy" className="timeline-busy" />
          <Area {...AREA} dataKey="lost" className="timeline-lost" />
          <Area {...AREA} dataKey="idle" className="timeline-idle" />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
});

/** A step changes half way between two points, which is where a bucket ends. */
const AREA = { type: 'step', stackId: 'all', isAnimationActive: false, dot: false, activeDot: false } as const;

function highest(points: readonly TimelinePoint[]): number {
  let most = 0;
  for (const { busy, lost, idle } of points) most = Math.max(most, (busy ?? 0) + (lost ?? 0) + (idle ?? 0));
  return most;
}

function describe(points: readonly TimelinePoint[], { title, kept }: TimelineWords): string {
  const busy = points.flatMap((point) => (point.busy === null ? [] : [point.busy]));
  if (busy.length === 0) return `${title}: nothing yet`;
  const mean = busy.reduce((sum, rate) => sum + rate, 0) / busy.length;
  return `${title} over time: ${Math.round(mean)} ${kept} on average, ${Math.round(Math.max(...busy))} at most`;
}
