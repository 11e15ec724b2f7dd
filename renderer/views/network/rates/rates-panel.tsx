import { useMemo, useRef, useState } from 'react';
import { timeColumns } from '../../../derive/calls/index.ts';
import {
  type FlowsOfRange,
  type RemoteGrouping,
  type StackBy,
  type Throughput,
  throughput,
} from '../../../derive/flows/index.ts';
import type { RangeNs } from '../../../store/index.ts';
import { formatBytes, formatBytesPerSecond, formatDeviceTime, formatNs, formatRate } from '../../../widgets/format.ts';
import { Readout } from '../../../widgets/readout.tsx';
import { useRemembered } from '../../../widgets/remembered.ts';
import { Segmented } from '../../../widgets/segmented.tsx';
import { useSize } from '../../../widgets/use-size.ts';
import { ratePoints, sumAt } from './rate-points.ts';
import { BytesChart, QualityChart } from './rates-chart.tsx';
import './rates.css';
import { TimePicker } from './time-picker.tsx';

export interface RatesPanelProps {
  readonly flows: FlowsOfRange;
  readonly range: RangeNs;
  readonly grouping: RemoteGrouping;
  readonly wallOffsetMs: number | null;
  readonly onSelect: (range: RangeNs) => void;
}

const STACKS = [
  { value: 'process', text: 'Process' },
  { value: 'remote', text: 'Remote' },
] as const;
/** recharts draws SVG: a few hundred points are quick, thousands are not. */
const MOST_COLUMNS = 150;

/** How much went to and fro, and how well it got through. */
export function RatesPanel({ flows, range, grouping, wallOffsetMs, onSelect }: RatesPanelProps) {
  const { columns, world, list, span } = flows;
  const [by, setBy] = useRemembered<StackBy>('network.stack', ['process', 'remote'], 'process');
  const [pointed, setPointed] = useState<number | null>(null);
  const time = useMemo(() => timeColumns(columns, span, MOST_COLUMNS), [columns, span]);
  const shown = useMemo(
    () => throughput(columns, world, list, time, by, grouping),
    [columns, world, list, time, by, grouping],
  );
  const points = useMemo(() => ratePoints(shown), [shown]);
  const place = useRef<HTMLDivElement>(null);
  const { widthPx, heightPx } = useSize(place);
  const upperPx = Math.round(heightPx * 0.62);
  const chart = { shown, points, range, wallOffsetMs, widthPx };
  const at = pointed !== null && pointed < time.count ? pointed : null;
  const text = at === null ? '' : readout(shown, at, wallOffsetMs);
  return (
    <section className="net-panel" aria-label="Throughput over time">
      <header className="picture-head">
        <h2>Throughput</h2>
        <Segmented label="Stacked by" options={STACKS} value={by} onChange={setBy} />
      </header>
      <div className="rates-plots" ref={place} role="presentation">
        {heightPx > 0 && (
          <div aria-hidden="true">
            <BytesChart {...chart} heightPx={upperPx} />
            <QualityChart {...chart} heightPx={heightPx - upperPx} />
          </div>
        )}
        <TimePicker {...{ range, onSelect }} columns={time} pointed={at} pointedText={text} onPoint={setPointed} />
      </div>
      <RatesLegend shown={shown} at={at} />
      <Readout text={text}>{text || <QualityKey />}</Readout>
    </section>
  );
}

function QualityKey() {
  return (
    <>
      <span className="swatch rates-swatch-again" />
      retransmits/s
      <span className="swatch rates-swatch-rtt" />
      round trip (RTT)
      <span className="rates-hint">Drag to select a range.</span>
    </>
  );
}

/** Names of the colours, greatest first; with their rates where a time is pointed at. */
function RatesLegend({ shown, at }: { readonly shown: Throughput; readonly at: number | null }) {
  return (
    <ul className="rates-legend" aria-label="What the colours stand for">
      {shown.series.map(({ text, isOthers, bytesPerSecond }, number) => (
        <li key={text} title={text}>
          <span className={`swatch ${isOthers ? 'rates-swatch-others' : `rates-swatch-${number + 1}`}`} />
          <span className="rates-legend-text">{text}</span>
          {at !== null && <span className="rates-legend-rate">{formatBytesPerSecond(bytesPerSecond[at]!)}</span>}
        </li>
      ))}
    </ul>
  );
}

function readout({ columns, series, retransmits, rttNs }: Throughput, at: number, wallOffsetMs: number | null): string {
  const time = formatDeviceTime(columns.fromNs[at]!, wallOffsetMs);
  const bytes = sumAt(series, at);
  const parts = [time, `${formatBytesPerSecond(bytes)} (${formatBytes(bytes * columns.seconds[at]!)})`];
  parts.push(`${formatRate(retransmits[at]!)} retransmits/s`);
  if (!Number.isNaN(rttNs[at]!)) parts.push(`RTT ${formatNs(rttNs[at]!)}`);
  return parts.join('   ');
}
