import { useId, useMemo } from 'react';
import { useStore } from 'zustand';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import { rangeOf } from '../../store/index.ts';
import type { ProbeData, RangeNs, StoreSnapshot } from '../../store/index.ts';
import type { OtherView } from '../../views/other-view.ts';
import { Timeline } from '../../views/timeline/index.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { Banners } from './banners.tsx';
import { IdentityBar } from './identity-bar.tsx';
import { ProbeControl } from './probe-control.tsx';
import { ProbeView } from './probe-view.tsx';
import { timelineWords } from './probe-words.ts';
import { RangeChooser } from './range-chooser.tsx';
import { StatusBar } from './status-bar.tsx';
import { probesWithin, TABBED_PROBES } from './tabbed-probes.ts';
import { usePauseKey } from './use-pause-key.ts';
import { useShownProbe } from './use-shown-probe.ts';
import { ViewTabs } from './view-tabs.tsx';

export interface WorkspaceProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly controller: Controller;
}

/** One session's data, the same for live, replay and ended. */
export function Workspace({ session, view, controller }: WorkspaceProps) {
  const { link, linkUp, notice, selection, following, held, exporting } = useStore(session.state);
  const snapshot = useStore(session.snapshots);
  const isWhole = view.kind === 'ended' || (view.kind === 'replay' && view.complete);
  const [shownId, show] = useShownProbe(snapshot, isWhole);
  const panelId = useId();
  const { fromNs, toNs } = rangeOf(selection.range, snapshot);
  const shown = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  const growing = view.kind === 'live' || view.kind === 'reconnecting';
  const selectRange = (range: RangeNs) => session.selectRange({ kind: 'between', ...range });
  usePauseKey(session, growing);
  const manifest = TABBED_PROBES.find(({ id }) => id === shownId);
  const data = snapshot.probes.get(shownId);
  if (!manifest || !data) throw new Error(`no probe ${shownId}`);
  // Where only what is shown within it was recorded, that has the only times there are.
  const timed = [data, ...dataWithin(shownId, snapshot)].find(({ windows }) => windows.windowCount > 0) ?? data;
  return (
    <div className="workspace">
      <IdentityBar {...{ session, view, link, snapshot, exporting, controller }} />
      <Banners {...{ session, view, linkUp, notice, snapshot, controller }} />
      <section className="time-bar" aria-label="Time">
        <RangeChooser
          range={selection.range}
          shown={shown}
          lastNs={snapshot.lastNs}
          growing={growing}
          wallOffsetMs={snapshot.wallOffsetMs}
          onChoose={(range) => session.selectRange(range)}
          onTogglePause={() => session.togglePause()}
        />
        {snapshot.lastNs > 0 && (
          <Timeline
            {...{ snapshot, following, held }}
            axis={timed.windows}
            words={timelineWords(manifest)}
            range={selection.range}
            onSelect={selectRange}
            onFollow={() => session.selectRange(following)}
          />
        )}
      </section>
      <ViewTabs shown={shownId} panelId={panelId} onShow={show}>
        <ProbeControl key={shownId} {...{ session, view, manifest, data }} />
      </ViewTabs>
      <main className="workspace-view">
        <div role="tabpanel" className="workspace-panel" id={panelId} aria-labelledby={`${panelId}-${shownId}`}>
          {TABBED_PROBES.map((each) => (
            <ProbeView
              key={each.id}
              {...{ session, controller, view, snapshot, selection }}
              shown={each.id === shownId}
              manifest={each}
              data={snapshot.probes.get(each.id) ?? data}
              within={dataWithin(each.id, snapshot)}
              otherViews={otherViewsOf(each.id, show)}
            />
          ))}
        </div>
      </main>
      <StatusBar
        {...{ view, snapshot, shown, manifest, data }}
        onSelect={selectRange}
        onShowFile={(file) => controller.showInFolder(file)}
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
