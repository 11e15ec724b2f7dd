import type { Lead, Mark } from '../../../electron/bridge/contract.ts';
import type { RangeNs, StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import { formatDeviceTime, formatDuration } from '../../widgets/format.ts';
import { CopyIcon, ExportIcon } from '../../widgets/icons.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { useNotice } from '../../widgets/use-notice.ts';
import { Amounts } from './amounts.tsx';
import { Facts } from './facts.tsx';
import { Findings } from './findings.tsx';
import { Moments, momentsOf } from './moments.tsx';
import { pageText } from './page-text.ts';
import { Runs } from './runs.tsx';
import './summary.css';
import { TopLists } from './top-lists.tsx';
import { type ShownSummary, type SummaryDesk, useSummary } from './use-summary.ts';

export interface SummaryPageProps {
  readonly desk: SummaryDesk;
  /** None: all of it. A new array where they changed. */
  readonly ranges: readonly RangeNs[];
  readonly isShown: boolean;
  /** There is more to read in a moment. */
  readonly grows: boolean;
  readonly snapshot: Pick<StoreSnapshot, 'device' | 'notes' | 'wallOffsetMs'>;
  readonly marks: readonly Mark[];
  readonly onLead: (lead: Lead) => void;
  /** A moment, or a range that is to be selected. */
  readonly onGo: (place: RangeNs) => void;
  readonly onReport: () => void;
  readonly copyText: (text: string) => void;
}

export function SummaryPage(props: SummaryPageProps) {
  const { desk, ranges, isShown, grows, copyText } = props;
  const shown = useSummary(desk, ranges, { isShown, grows });
  const { summary, fault } = shown;
  return (
    <div className="summary-page" tabIndex={0} role="region" aria-label="Summary">
      {fault && <FaultCard fault={fault} copyText={copyText} />}
      {!summary && !fault && (
        <EmptyNote title="Reading the recording…" note={<Progress progress={shown.progress ?? 0} />} />
      )}
      {summary && <Page {...props} shown={shown} summary={summary} />}
    </div>
  );
}

interface PageProps extends SummaryPageProps {
  readonly shown: ShownSummary;
  readonly summary: NonNullable<ShownSummary['summary']>;
}

function Page({ shown, summary, grows, snapshot, marks, onLead, onGo, onReport, copyText }: PageProps) {
  const { ranges, progress } = shown;
  const { device, notes, wallOffsetMs } = snapshot;
  const [notice, tell] = useNotice();
  const heading = headingOf(shown, wallOffsetMs, grows);
  const copy = () => {
    const title = [device?.hostname, heading].filter(Boolean).join(': ');
    copyText(pageText(summary, title, momentsOf({ marks, notes, ranges }), wallOffsetMs));
    tell('Copied');
  };
  return (
    <>
      <header className="summary-head">
        <p>{heading}</p>
        {progress !== null && <Progress progress={progress} />}
        <span className="summary-actions">
          <Button onClick={copy}>
            <CopyIcon size={14} />
            Copy as text
          </Button>
          <Button onClick={onReport}>
            <ExportIcon size={14} />
            Save as report…
          </Button>
        </span>
      </header>
      <div className="summary-columns">
        <div>
          <Findings findings={summary.findings} onLead={onLead} />
          <TopLists lists={summary.lists} onLead={onLead} />
        </div>
        <div>
          <Facts title="Device" facts={summary.device} />
          <Runs runs={summary.runs} wallOffsetMs={wallOffsetMs} onRange={onGo} />
          <Amounts {...summary} />
          <Facts title="What watching cost the device" facts={summary.cost} />
          <Moments {...{ marks, notes, ranges, wallOffsetMs, onGo }} />
        </div>
      </div>
      <p className={notice ? 'notice notice-on' : 'notice'} role="status">
        {notice}
      </p>
    </>
  );
}

function Progress({ progress }: { readonly progress: number }) {
  return <ProgressBar value={progress} label="Reading the recording" />;
}

/** "The whole recording: 14:02:11 – 14:17:11, 15 min 00 s" */
function headingOf({ ranges, summary }: ShownSummary, wallOffsetMs: number | null, grows: boolean): string {
  const span = summary?.span;
  const whole = grows ? 'The session so far' : 'The whole recording';
  const what =
    ranges.length === 0 ? whole : ranges.length === 1 ? 'The selected range' : `${ranges.length} selected ranges`;
  const [first = span] = ranges;
  const last = ranges.at(-1) ?? span;
  if (!first || !last) return `${what}: nothing was recorded`;
  const parts = ranges.length === 0 ? [{ fromNs: first.fromNs, toNs: last.toNs }] : ranges;
  const seconds = parts.reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0);
  return `${what}: ${formatDeviceTime(first.fromNs, wallOffsetMs)} – ${formatDeviceTime(last.toNs, wallOffsetMs)}, ${formatDuration(seconds)}`;
}
