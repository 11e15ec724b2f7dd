import { memo, useMemo, useState } from 'react';
import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import { type Band, type Calls, type HeatMap, RollingHeat, timeColumns } from '../../derive/calls/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { formatCount, formatDeviceTime, formatRate } from '../../widgets/format.ts';
import { Readout } from '../../widgets/readout.tsx';
import { edgesText } from './bucket-text.ts';
import { columnAt, type HeatBox, type HeatPoint, shownRows } from './heat-frame.ts';
import { HeatMapPicture } from './heat-map.tsx';

export interface HeatPanelProps {
  readonly calls: Calls;
  /** 1 by cell that is shown, of any latency. */
  readonly mask: Uint8Array;
  readonly range: RangeNs;
  readonly band: Band;
  readonly wallOffsetMs: number | null;
  readonly onSelect: (box: HeatBox) => void;
}

const MOST_COLUMNS = 240;

/** When calls took how long. */
export const HeatPanel = memo(function HeatPanel(props: HeatPanelProps) {
  const { calls, mask, range, band, wallOffsetMs, onSelect } = props;
  const [pointed, setPointed] = useState<HeatPoint | null>(null);
  const { columns, cells, span } = calls;
  const [rolling] = useState(() => new RollingHeat());
  const heat = useMemo(
    () => rolling.advance(columns, cells, mask, timeColumns(columns, span, MOST_COLUMNS)),
    [rolling, columns, cells, mask, span],
  );
  const { lowest, highest } = shownRows(heat);
  const rows = useMemo(() => ({ lowest, highest }), [lowest, highest]);
  const pointedText = pointed ? readout(heat, pointed, wallOffsetMs) : '';
  return (
    <section className="calls-panel" aria-label="Latency over time">
      <header className="picture-head">
        <h2>Latency over time</h2>
        <Legend heat={heat} />
      </header>
      <HeatMapPicture
        {...{ heat, range, rows, band, wallOffsetMs, pointed, pointedText, onSelect }}
        onPoint={setPointed}
      />
      <Readout text={pointedText}>{pointedText || 'Drag to select a time and a band of latency.'}</Readout>
    </section>
  );
});

/** What the colours mean: calls per second in one row of one column. */
function Legend({ heat: { leastRate, mostRate } }: { readonly heat: HeatMap }) {
  if (mostRate === 0) return null;
  return (
    <p className="calls-heat-legend">
      {formatRate(leastRate)}
      <span className="heat-ramp" aria-hidden="true" />
      {formatRate(mostRate)} calls/s
    </p>
  );
}

function readout(heat: HeatMap, { atNs, bucket }: HeatPoint, wallOffsetMs: number | null): string {
  const { columns } = heat;
  const column = columnAt(columns, atNs);
  if (column < 0) return `${formatDeviceTime(atNs, wallOffsetMs)}   nothing was watched`;
  const calls = heat.calls[column * LATENCY_BUCKETS + bucket] ?? 0;
  const time = formatDeviceTime(columns.fromNs[column]!, wallOffsetMs);
  const rate = formatRate(calls / columns.seconds[column]!);
  return `${time}   ${edgesText(bucket)}   ${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}   ${rate}/s`;
}
