import { memo, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { Area, AreaChart, XAxis, YAxis } from 'recharts';
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
  type Mark,
  quantileMarks,
  type Step,
  stepPath,
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
  const counts = useMemo(() => stepsOf(now, before, buckets), [now, before, buckets]);
  const steps = useMemo(() => (isLog ? counts.map(logStep) : counts), [counts, isLog]);
  const highest = Math.max(...counts.map((step) => Math.max(step.now, step.before ?? 0)));
  const ticks = isLog ? logTicks(highest) : valueAxis(highest, 4).ticks;
  const [top, tick] = [ticks.at(-1) ?? 1, ticks[1] ?? 1];
  const marks = useMemo(() => quantileMarks(now, buckets), [now, buckets]);
  const topPx = (1 + Math.max(0, ...marks.map(({ row }) => row))) * LABEL_ROW_PX + 4;
  return (
    <div className="calls-histogram" ref={place}>
      {heightPx > 0 && <Frame {...buckets} {...{ isLog, top, tick, widthPx, heightPx, topPx }} />}
      <StepPlot {...{ steps, marks, buckets, top, topPx }} />
      <Pointer {...props} />
    </div>
  );
}

interface FrameProps extends Buckets {
  readonly isLog: boolean;
  readonly top: number;
  /** Distance of the marks of its counts. */
  readonly tick: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly topPx: number;
}

/**
 * The axes, which stay for a long time. What changes each second lies over them as plain SVG: new data takes recharts several
 * rounds of its store, all of which end in the same axes.
 */
const Frame = memo(function Frame({ from, to, isLog, top, tick, widthPx, heightPx, topPx }: FrameProps) {
  return (
    <div className="calls-histogram-chart" aria-hidden="true">
      <AreaChart
        data={[
          { edge: from, none: 0 },
          { edge: to + 1, none: 0 },
        ]}
        width={widthPx}
        height={heightPx}
        margin={{ ...MARGIN, top: topPx }}
        accessibilityLayer={false}
      >
        <XAxis
          dataKey="edge"
          type="number"
          domain={[from, to + 1]}
          ticks={edgeTicks({ from, to }, MOST_EDGES)}
          tickFormatter={edgeText}
          height={18}
          tickSize={4}
          interval="preserveStartEnd"
          niceTicks="none"
        />
        <YAxis
          width={Y_AXIS_PX}
          domain={[0, top]}
          ticks={Array.from({ length: Math.round(top / tick) + 1 }, (_, i) => i * tick)}
          tickFormatter={(value: number) => formatShort(isLog ? countAtLogHeight(value) : value)}
          niceTicks="none"
          tickSize={4}
          interval={0}
        />
        {/* Where nothing is to be drawn, recharts draws no axes either. */}
        <Area dataKey="none" stroke="none" fill="none" isAnimationActive={false} activeDot={false} />
      </AreaChart>
    </div>
  );
});

interface StepPlotProps {
  readonly steps: readonly Step[];
  readonly marks: readonly Mark[];
  readonly buckets: Buckets;
  readonly top: number;
  readonly topPx: number;
}

/** A bucket's count holds from its lower edge to the next one. Marks are where quantiles lie. */
function StepPlot({ steps, marks, buckets, top, topPx }: StepPlotProps) {
  const count = buckets.to + 1 - buckets.from;
  const before = steps.map((step) => step.before);
  return (
    <div className="calls-histogram-plot" style={{ top: topPx }} aria-hidden="true">
      <svg viewBox={`0 0 ${count} 1`} preserveAspectRatio="none">
        <path
          className="calls-now"
          d={stepPath(
            steps.map(({ now }) => now),
            top,
          )}
        />
        {before.every((each) => each !== null) && <path className="calls-before" d={stepPath(before, top)} />}
      </svg>
      {marks.map(({ name, at, row }) => (
        <span key={name} className="calls-mark" style={{ left: `${((at - buckets.from) / count) * 100}%` }}>
          <span style={{ bottom: `calc(100% + ${row * LABEL_ROW_PX}px)` }}>{name}</span>
        </span>
      ))}
    </div>
  );
}

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
