import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Lead } from '../../../electron/bridge/contract.ts';
import { rangesOf } from '../../store/index.ts';
import type { RangeNs, Selection, StoreSnapshot } from '../../store/index.ts';
import { SummaryPage } from '../../views/summary/index.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { ViewBoundary } from './view-boundary.tsx';

export interface SummaryViewProps {
  readonly session: Session;
  readonly controller: Controller;
  readonly snapshot: StoreSnapshot;
  readonly selection: Selection;
  readonly isShown: boolean;
  readonly onLead: (lead: Lead) => void;
}

/** The page of the recording; it is made when it is first looked at, and keeps what it has read. */
export function SummaryView({ session, controller, snapshot, selection, isShown, onLead }: SummaryViewProps) {
  const marks = useStore(session.state, (state) => state.marks);
  const [isMade, setMade] = useState(isShown);
  if (isShown && !isMade) setMade(true);
  const ranges = useRanges(session, snapshot, selection.range);
  const go = ({ fromNs, toNs }: RangeNs) => {
    if (toNs > fromNs) session.selectRange({ kind: 'between', fromNs, toNs });
    else session.seek(fromNs);
  };
  return (
    <div className="probe-view" hidden={!isShown}>
      {isMade && (
        <ViewBoundary title="Summary" copyText={controller.copyText}>
          <SummaryPage
            {...{ ranges, isShown, snapshot, marks, onLead }}
            desk={session}
            grows={session.grows()}
            onGo={go}
            onReport={() => void controller.exportSession({ format: 'html', table: null }, ranges)}
            copyText={controller.copyText}
          />
        </ViewBoundary>
      )}
    </div>
  );
}

const WHOLE: readonly RangeNs[] = [];

/** What is selected, where that is less than all. What goes along with a live session is all of it. */
function useRanges(
  session: Session,
  { firstNs, lastNs }: StoreSnapshot,
  range: Selection['range'],
): readonly RangeNs[] {
  const isWhole = range.kind === 'all' || (range.kind === 'last' && session.grows());
  // Whatever comes in, the same as long as it means the same: each new one is read anew.
  const [from, to] = !isWhole && range.kind === 'last' ? [firstNs, lastNs] : [0, 0];
  return useMemo(() => (isWhole ? WHOLE : rangesOf(range, { firstNs: from, lastNs: to })), [isWhole, range, from, to]);
}
