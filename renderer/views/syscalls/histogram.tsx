import { memo, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { Area, AreaChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { LatencyHistogram } from '../../derive/calls/index.ts';
import { valueAxis } from '../../widgets/axis.ts';
import { formatShort } from '../../widgets/format.ts';
import { useSize } from '../../widgets/use-size.ts';
import {
  type Buckets,
  countAtLogHeight,
  edgeText,
  edgeTicks,
  logHeight,
  logTicks,
  quantileMarks,
  type Step,
  stepsOf,
} from './histogram-data.ts';

export interface HistogramProps {
  readonly now: LatencyHistogram;
  readonly before: LatencyHistogram | null;
  readonly buckets: Buckets;
  readonly isLog: boolean;
  readonly pointed: number | null;
  /** What the pointed bucket says, for those who cannot see it. */
  readonly pointedText: string;
  readonly onPoint: (bucket: number | null) => void;
}

/** The hover strip is laid over the plot, so both must know its margins. Widths in px, as in charts.css. */
const Y_AXIS_PX = 44;
const LABEL_ROW_PX = 12;
const MARGIN = { right: 26, bottom: 0, left: 0 };
const MOST_EDGES = 8;

export function Histogram(props: HistogramProps) {
  const { now, before, buckets, isLog } = props;
  const place = useRef<HTMLDivElement>(null);
  const { widthPx, heightPx } = useSize(place);
  const steps = useMemo(() => stepsOf(now, before, buckets), [now, before, buckets]);
  return (
    <div className="calls-histogram" ref={place}>
      {heightPx > 0 && <Chart {...{ steps, now, buckets, isLog, widthPx, heightPx }} />}
      <Pointer {...props} />
    </div>
  );
}

type ChartProps = Pick<HistogramProps, 'now' | 'buckets' | 'isLog'> & {
  readonly steps: readonly Step[];
  readonly widthPx: number;
  readonly heightPx: number;
};

const Chart = memo(function Chart({ steps, now, buckets, isLog, widthPx, heightPx }: ChartProps) {
  const marks = quantileMarks(now, buckets);
  const rows = 1 + Math.max(0, ...marks.map(({ row }) => row));
  const highest = Math.max(...steps.map((step) => Math.max(step.now, step.before ?? 0)));
  const data = isLog ? steps.map(logStep) : steps;
  const logAxis = logTicks(highest);
  const axis = isLog ? { domain: [0, logAxis.at(-1) ?? 1] as [number, number], ticks: logAxis } : valueAxis(highest, 4);
  const hasBefore = steps.some(({ before }) => before !== null);
  return (
    <div className="calls-histogram-chart" aria-hidden="true">
      <AreaChart
        data={data as Step[]}
        width={widthPx}
        height={heightPx}
        margin={{ ...MARGIN, top: rows * LABEL_ROW_PX + 4 }}
        accessibilityLayer={false}
      >
        <XAxis
          dataKey="edge"
          type="number"
          domain={[buckets.from, buckets.to + 1]}
          ticks={edgeTicks(buckets, MOST_EDGES)}
          tickFormatter={edgeText}
          height={18}
          tickSize={4}
          interval="preserveStartEnd"
          niceTicks="none"
        />
        <YAxis
          width={Y_AXIS_PX}
          {...axis}
          tickFormatter={(value: number) => formatShort(isLog ? countAtLogHeight(value) : value)}
          niceTicks="none"
          tickSize={4}
          interval={0}
        />
        <Area {...STEPS} dataKey="now" className="calls-now" />
        {hasBefore && <Area {...STEPS} dataKey="before" className="calls-before" />}
        {marks.map(({ name, at, row }) => (
          <ReferenceLine
            key={name}
            x={at}
            className="calls-mark"
            label={{ value: name, position: 'top', dy: -row * LABEL_ROW_PX, className: 'calls-mark-label' }}
          />
        ))}
      </AreaChart>
    </div>
  );
});

/** A bucket's count holds from its lower edge to the next one. */
const STEPS = { type: 'stepAfter', isAnimationActive: false, dot: false, activeDot: false } as const;

function logStep({ edge, now, before }: Step): Step {
  return { edge, now: logHeight(now), before: before === null ? null : logHeight(before) };
}

/** Lies over the plot: tells which bucket is pointed at, by pointer or by arrow keys. */
function Pointer({ buckets, pointed, pointedText, onPoint }: HistogramProps) {
  const [isFocused, setFocused] = useState(false);
  const count = buckets.to + 1 - buckets.from;
  const bucketAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * count);
    return buckets.from + Math.min(count - 1, Math.max(0, at));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = pointed ?? (step > 0 ? buckets.from - 1 : buckets.to + 1);
    onPoint(Math.min(buckets.to, Math.max(buckets.from, from + step)));
  };
  const shown = pointed ?? (isFocused ? buckets.from : null);
  return (
    <div
      className="calls-histogram-pointer"
      role="slider"
      tabIndex={0}
      aria-label="Bucket of the latency histogram"
      aria-valuemin={buckets.from}
      aria-valuemax={buckets.to}
      aria-valuenow={pointed ?? buckets.from}
      aria-valuetext={pointedText}
      onFocus={() => setFocused(true)}
      onBlur={() => {
        setFocused(false);
        onPoint(null);
      }}
      onPointerMove={(event) => onPoint(bucketAt(event))}
      onPointerLeave={() => onPoint(null)}
      onKeyDown={onKey}
    >
      {shown !== null && shown >= buckets.from && shown <= buckets.to && (
        <span
          className="calls-histogram-pointed"
          style={{ left: `${((shown - buckets.from) / count) * 100}%`, width: `${100 / count}%` }}
        />
      )}
    </div>
  );
}
