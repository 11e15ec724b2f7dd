import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import { rangeOf } from '../../store/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { FlameWorkspace } from '../../views/flamegraph/index.ts';
import { Timeline } from '../../views/timeline/index.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { Banners } from './banners.tsx';
import { IdentityBar } from './identity-bar.tsx';
import { probeFacts } from './probe-facts.ts';
import { RangeChooser } from './range-chooser.tsx';
import { StatusBar } from './status-bar.tsx';
import { usePauseKey } from './use-pause-key.ts';

export interface WorkspaceProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly controller: Controller;
}

/** One session's data, the same for live, replay and ended. */
export function Workspace({ session, view, controller }: WorkspaceProps) {
  const { link, linkUp, notice, selection, following, held, exporting } = useStore(session.state);
  const snapshot = useStore(session.snapshots);
  const { fromNs, toNs } = rangeOf(selection.range, snapshot);
  const shown = useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
  const growing = view.kind === 'live' || view.kind === 'reconnecting';
  const selectRange = (range: RangeNs) => session.selectRange({ kind: 'between', ...range });
  usePauseKey(session, growing);
  return (
    <div className="workspace">
      <IdentityBar {...{ session, view, link, snapshot, exporting, controller }} />
      <Banners {...{ session, view, linkUp, notice, controller }} probeEvents={snapshot.probeEvents} />
      <section className="time-bar" aria-label="Time">
        <RangeChooser
          range={selection.range}
          shown={shown}
          lastNs={snapshot.lastNs}
          growing={growing}
          wallOffsetMs={snapshot.wallOffsetMs}
          probeFacts={probeFacts(snapshot.probeEvents)}
          onChoose={(range) => session.selectRange(range)}
          onTogglePause={() => session.togglePause()}
        />
        {snapshot.lastNs > 0 && (
          <Timeline
            {...{ snapshot, following, held }}
            range={selection.range}
            onSelect={selectRange}
            onFollow={() => session.selectRange(following)}
          />
        )}
      </section>
      <main className="workspace-view">
        {snapshot.samples.windowCount === 0 ? (
          <p className="workspace-empty" role="status">
            {growing || view.kind === 'replay' ? 'Waiting for the first samples…' : 'No samples were taken.'}
          </p>
        ) : (
          <FlameWorkspace
            snapshot={snapshot}
            selection={selection}
            live={view.kind === 'live' && selection.range.kind !== 'between'}
            onSelectionChange={(next) => session.select(next)}
            copyText={controller.copyText}
          />
        )}
      </main>
      <StatusBar
        {...{ view, snapshot, shown }}
        onSelect={selectRange}
        onShowFile={(file) => controller.showInFolder(file)}
      />
    </div>
  );
}
