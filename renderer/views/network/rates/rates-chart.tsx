import { memo } from 'react';
import { Area, AreaChart, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { Throughput } from '../../../derive/flows/index.ts';
import type { RangeNs } from '../../../store/index.ts';
import { valueAxis } from '../../../widgets/axis.ts';
import { formatBytesPerSecond, formatDeviceTime, formatNs, formatShort } from '../../../widgets/format.ts';
import { timeTicks } from '../../../widgets/time-ticks.ts';
import { highestSum, type RatePoint, RETRANSMITS, RTT, seriesKey } from './rate-points.ts';

/** What is laid over the plots must know their margins. Widths in px, as in rates.css. */
const Y_AXIS_PX = 66;
const MARGIN = { top: 6, right: 56, bottom: 0, left: 0 };
const TIME_AXIS_PX = 18;
/** Between the two plots, so that their scales do not touch. */
const APART_PX = 8;

export interface RatesChartProps {
  readonly shown: Throughput;
  readonly points: readonly RatePoint[];
  readonly range: RangeNs;
  readonly wallOffsetMs: number | null;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Payload per second, one colour for each process or remote end. */
export const BytesChart = memo(function BytesChart({ shown, points, range, widthPx, heightPx }: RatesChartProps) {
  return (
    <AreaChart
      data={points as RatePoint[]}
      width={widthPx}
      height={heightPx}
      margin={{ ...MARGIN, bottom: APART_PX }}
      accessibilityLayer={false}
    >
      <XAxis {...TIME} domain={[range.fromNs, range.toNs]} hide />
      <YAxis {...VALUE} {...valueAxis(highestSum(shown), 1000)} tickFormatter={bytesTick} />
      {shown.series.map(({ text, isOthers }, at) => (
        <Area
          key={text}
          {...STEP}
          type="step"
          stackId="all"
          dataKey={seriesKey(at)}
          className={isOthers ? 'rates-series rates-series-others' : `rates-series rates-series-${at + 1}`}
        />
      ))}
    </AreaChart>
  );
});

/** How well it got through: segments sent again on the left scale, round trips on the right. */
export const QualityChart = memo(function QualityChart(props: RatesChartProps) {
  const { shown, points, range, wallOffsetMs, widthPx, heightPx } = props;
  const slowest = shown.rttNs.reduce((most, each) => (each > most ? each : most), 0);
  const most = shown.retransmits.reduce((highest, each) => Math.max(highest, each), 0);
  return (
    <ComposedChart
      data={points as RatePoint[]}
      width={widthPx}
      height={heightPx}
      margin={{ ...MARGIN, right: 0 }}
      accessibilityLayer={false}
    >
      <XAxis
        {...TIME}
        domain={[range.fromNs, range.toNs]}
        ticks={timeTicks(range, wallOffsetMs) as number[]}
        tickFormatter={(ns: number) => formatDeviceTime(ns, wallOffsetMs)}
        height={TIME_AXIS_PX}
        tickSize={4}
        interval="preserveStartEnd"
      />
      <YAxis
        {...VALUE}
        yAxisId="again"
        {...valueAxis(most, 1)}
        tickFormatter={(value: number) => `${formatShort(value)}/s`}
      />
      <YAxis
        {...VALUE}
        yAxisId="rtt"
        orientation="right"
        {...valueAxis(slowest, 1e6)}
        tickFormatter={(value: number) => (value === 0 ? '0' : formatNs(value, 2))}
      />
      <Area {...STEP} type="step" yAxisId="again" dataKey={RETRANSMITS} className="rates-again" />
      <Line {...STEP} type="linear" yAxisId="rtt" dataKey={RTT} className="rates-rtt" connectNulls={false} />
    </ComposedChart>
  );
});

/** Zero needs no unit. */
function bytesTick(bytes: number): string {
  return bytes === 0 ? '0' : formatBytesPerSecond(bytes);
}

const TIME = { dataKey: 'atNs', type: 'number', allowDataOverflow: true, niceTicks: 'none' } as const;
const VALUE = { width: Y_AXIS_PX, niceTicks: 'none', tickSize: 4, interval: 0 } as const;
const STEP = { isAnimationActive: false, dot: false, activeDot: false } as const;
