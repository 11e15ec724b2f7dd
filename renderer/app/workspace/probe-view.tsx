import { memo, useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import type { ProbeData, Selection, StoreSnapshot } from '../../store/index.ts';
import { CallsWorkspace } from '../../views/syscalls/index.ts';
import { FlameWorkspace } from '../../views/flamegraph/index.ts';
import type { OtherView } from '../../views/other-view.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { EmptyProbe } from './empty-probe.tsx';

export interface ProbeViewProps {
  /** On the screen. What is not keeps its place and its zoom, and is told of new data when it comes back. */
  readonly shown: boolean;
  readonly session: Session;
  readonly controller: Controller;
  readonly view: SessionView;
  readonly manifest: ProbeManifest;
  readonly data: ProbeData;
  readonly snapshot: StoreSnapshot;
  readonly selection: Selection;
  readonly otherView: OtherView | null;
}

/** One probe's data as its manifest wants it shown. */
export const ProbeView = memo(
  function ProbeView(props: ProbeViewProps) {
    // Made when it is first looked at.
    const [isMade, setMade] = useState(props.shown);
    if (props.shown && !isMade) setMade(true);
    return (
      <div className="probe-view" hidden={!props.shown}>
        {isMade && <Picture {...props} />}
      </div>
    );
  },
  (before, after) => !before.shown && !after.shown,
);

function Picture({ session, controller, view, manifest, data, snapshot, selection, otherView }: ProbeViewProps) {
  const { windows } = data;
  if (windows.windowCount === 0) return <EmptyProbe {...{ session, view, snapshot, manifest, data }} />;
  const shared = {
    snapshot,
    windows,
    selection,
    otherView,
    live: view.kind === 'live' && selection.range.kind !== 'between',
    onSelectionChange: (next: Selection) => session.select(next),
    copyText: controller.copyText,
  };
  switch (manifest.display.view) {
    case 'flamegraph':
      return <FlameWorkspace {...shared} />;
    case 'calls':
      return <CallsWorkspace {...shared} />;
    default:
      return assertNever(manifest.display);
  }
}

function assertNever(display: never): never {
  throw new Error(`unknown display ${JSON.stringify(display)}`);
}
