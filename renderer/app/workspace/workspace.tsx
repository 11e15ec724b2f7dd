import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeData, RangeNs, StoreSnapshot } from '../../store/index.ts';
import type { OtherView } from '../../views/other-view.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { Banners } from './banners.tsx';
import { IdentityBar } from './identity-bar.tsx';
import { ProbeControl } from './probe-control.tsx';
import { ProbeView } from './probe-view.tsx';
import { RecorderControl } from './recorder/recorder-control.tsx';
import { StatusBar } from './status-bar.tsx';
import { SummaryView } from './summary-view.tsx';
import { probesWithin, TABBED_PROBES } from './tabbed-probes.ts';
import { TimeBar } from './time-bar.tsx';
import { useExcerpt } from './use-excerpt.ts';
import { useShownProbe } from './use-shown-probe.ts';
import { useErrands } from './use-errands.ts';
import { SUMMARY, ViewTabs } from './view-tabs.tsx';

export interface WorkspaceProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly controller: Controller;
}

/** One session's data, the same for live, replay and ended. */
export function Workspace({ session, view, controller }: WorkspaceProps) {
  const { link, linkUp, notice, selection, exporting } = useStore(session.state);
  const snapshot = useStore(session.snapshots);
  const isWhole = view.kind === 'ended' || (view.kind === 'replay' && view.complete);
  const [shownId, showProbe] = useShownProbe(snapshot, isWhole);
  const [isSummary, setSummary] = useState(false);
  const show = (id: string) => {
    setSummary(id === SUMMARY);
    if (id !== SUMMARY) showProbe(id);
  };
  const { errand, follow } = useErrands(session, show);
  const panelId = useId();
  const excerpt = useExcerpt(snapshot, selection.range);
  const selectRange = (range: RangeNs) => session.selectRange({ kind: 'between', ...range });
  const manifest = TABBED_PROBES.find(({ id }) => id === shownId);
  const data = snapshot.probes.get(shownId);
  if (!manifest || !data) throw new Error(`no probe ${shownId}`);
  return (
    <div className="workspace">
      <IdentityBar {...{ session, view, link, snapshot, exporting, controller }} />
      <Banners {...{ session, view, linkUp, notice, snapshot, controller }} />
      <TimeBar {...{ session, view, snapshot }} probe={shownId} />
      <ViewTabs shown={isSummary ? SUMMARY : shownId} panelId={panelId} onShow={show}>
        {!isSummary && <ProbeControl key={shownId} {...{ session, view, manifest, data }} />}
      </ViewTabs>
      <main className="workspace-view">
        <div
          role="tabpanel"
          className="workspace-panel"
          id={panelId}
          aria-labelledby={`${panelId}-${isSummary ? SUMMARY : shownId}`}
        >
          {TABBED_PROBES.map((each) => (
            <ProbeView
              key={each.id}
              {...{ session, controller, view, selection }}
              whole={snapshot}
              snapshot={excerpt}
              shown={!isSummary && each.id === shownId}
              manifest={each}
              data={excerpt.probes.get(each.id) ?? data}
              within={dataWithin(each.id, excerpt)}
              otherViews={otherViewsOf(each.id, show)}
              errand={errand?.probe === each.id ? errand : null}
            />
          ))}
          <SummaryView {...{ session, controller, snapshot, selection }} isShown={isSummary} onLead={follow} />
        </div>
      </main>
      <StatusBar
        {...{ view, snapshot, manifest, data }}
        range={selection.range}
        onSelect={selectRange}
        onShowFile={(file) => controller.showInFolder(file)}
        recorder={<RecorderControl {...{ session, view, controller }} />}
      />
    </div>
  );
}

/** Every view leads to all others. */
function otherViewsOf(id: string, show: (id: string) => void): readonly OtherView[] {
  return TABBED_PROBES.filter((each) => each.id !== id).map((each) => ({
    title: each.title,
    show: () => show(each.id),
  }));
}

/** The data of the probes that are shown within that view. */
function dataWithin(id: string, snapshot: StoreSnapshot): readonly ProbeData[] {
  return probesWithin(id).flatMap((each) => snapshot.probes.get(each.id) ?? []);
}
