import { memo, useMemo, useState } from 'react';
import { type Calls, latencyHistogram, type LatencyHistogram, RollingSums } from '../../derive/calls/index.ts';
import { coverageOf, type WindowSpan } from '../../derive/index.ts';
import { formatCount, formatNs, formatShare } from '../../widgets/format.ts';
import { Readout } from '../../widgets/readout.tsx';
import { useRemembered } from '../../widgets/remembered.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { edgesText } from './bucket-text.ts';
import { shownBuckets } from './histogram-data.ts';
import { Histogram } from './histogram.tsx';

export interface HistogramPanelProps {
  readonly calls: Calls;
  /** 1 by cell that is shown. */
  readonly mask: Uint8Array;
  readonly previous: WindowSpan;
}

const SCALES = [
  { value: 'linear', text: 'Linear' },
  { value: 'log', text: 'Log' },
] as const;
const YES_NO = ['yes', 'no'] as const;
/** Less of the range before than this was watched: a comparison would show that, not a change. */
const WHOLE_ENOUGH = 0.9;

/** How long the chosen calls took. */
export const HistogramPanel = memo(function HistogramPanel({ calls, mask, previous }: HistogramPanelProps) {
  const [scale, setScale] = useRemembered('syscalls.scale', ['linear', 'log'], 'linear');
  const [compares, setCompares] = useRemembered('syscalls.compare', YES_NO, 'no');
  const [pointed, setPointed] = useState<number | null>(null);
  const now = useMemo(() => latencyHistogram(calls.cells, calls.sums, mask), [calls.cells, calls.sums, mask]);
  const isComparable = useMemo(
    () => coverageOf(calls.columns, previous).seconds >= calls.coverage.seconds * WHOLE_ENOUGH,
    [calls.columns, previous, calls.coverage],
  );
  const wantsBefore = compares === 'yes' && isComparable;
  const [earlier] = useState(() => new RollingSums());
  const before = useMemo(
    () =>
      wantsBefore ? latencyHistogram(calls.cells, earlier.advance(calls.columns, calls.cells, previous), mask) : null,
    [wantsBefore, earlier, calls.cells, calls.columns, previous, mask],
  );
  const from = shownBuckets(now, before);
  const [low, high] = [from?.from ?? 0, from?.to ?? 0];
  const buckets = useMemo(() => ({ from: low, to: high }), [low, high]);
  const readout = pointed === null ? summaryText(now) : bucketReadout(pointed, now, before);
  return (
    <section className="calls-panel" aria-label="Latency">
      <header className="picture-head">
        <h2>Latency</h2>
        <Segmented label="Counts" options={SCALES} value={scale} onChange={setScale} />
        <label title={isComparable ? 'The time just before the range, equally long' : TOO_SHORT}>
          <input
            type="checkbox"
            checked={compares === 'yes'}
            onChange={(event) => setCompares(event.target.checked ? 'yes' : 'no')}
          />
          Previous range
        </label>
      </header>
      {from ? (
        <Histogram
          {...{ now, before, buckets, pointed }}
          isLog={scale === 'log'}
          pointedText={readout}
          onPoint={setPointed}
        />
      ) : (
        <p className="calls-panel-empty">No call with a known duration.</p>
      )}
      <Readout text={readout}>
        {readout}
        {pointed === null && <Notes now={now} lacksBefore={compares === 'yes' && !isComparable} />}
      </Readout>
    </section>
  );
});

const TOO_SHORT = 'The time before the range was not watched for as long: there is nothing to compare with';

function Notes({ now, lacksBefore }: { readonly now: LatencyHistogram; readonly lacksBefore: boolean }) {
  return (
    <>
      {now.unknown > 0 && (
        <span className="calls-note" title="They had begun before anybody watched: counted, but not timed">
          {formatCount(now.unknown)} not timed
        </span>
      )}
      {lacksBefore && (
        <span className="calls-note" title={TOO_SHORT}>
          no previous range
        </span>
      )}
    </>
  );
}

function summaryText({ p50Ns, p90Ns, p99Ns, longestNs }: LatencyHistogram): string {
  if (p50Ns === null || p90Ns === null || p99Ns === null) return '';
  const about = (ns: number) => formatNs(ns, 2);
  return `p50 ≈ ${about(p50Ns)}   p90 ≈ ${about(p90Ns)}   p99 ≈ ${about(p99Ns)}   max ${formatNs(longestNs)}`;
}

function bucketReadout(bucket: number, now: LatencyHistogram, before: LatencyHistogram | null): string {
  const calls = now.counts[bucket] ?? 0;
  const share = now.known > 0 ? calls / now.known : 0;
  const earlier = before ? `   before ${formatCount(before.counts[bucket] ?? 0)}` : '';
  return `${edgesText(bucket)}   ${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}   ${formatShare(share)}${earlier}`;
}
