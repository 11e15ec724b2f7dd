import { memo, useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { Display, ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { isFixed } from '../../store/index.ts';
import type { ProbeData, Selection, StoreSnapshot } from '../../store/index.ts';
import { FlameWorkspace } from '../../views/flamegraph/index.ts';
import { NetworkWorkspace } from '../../views/network/index.ts';
import type { Errand } from '../../views/errand.ts';
import type { OtherView } from '../../views/other-view.ts';
import { CallsWorkspace, type CallsWorkspaceProps } from '../../views/syscalls/index.ts';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { EmptyProbe } from './empty-probe.tsx';
import { ViewBoundary } from './view-boundary.tsx';
import { useEventsDesk } from './use-events-desk.ts';
import { usePacketDesk } from './use-packet-desk.ts';

export interface ProbeViewProps {
  /** On the screen. What is not keeps its place and its zoom, and is told of new data when it comes back. */
  readonly shown: boolean;
  readonly session: Session;
  readonly controller: Controller;
  readonly view: SessionView;
  readonly manifest: ProbeManifest;
  readonly data: ProbeData;
  /** Of the probes that are shown within the view of this one. */
  readonly within: readonly ProbeData[];
  readonly snapshot: StoreSnapshot;
  /** The same with the windows outside several selected ranges. */
  readonly whole: StoreSnapshot;
  readonly selection: Selection;
  /** The one whose data goes best with this comes first. */
  readonly otherViews: readonly OtherView[];
  /** Of this view; null = none. */
  readonly errand: Errand | null;
}

/** One probe's data as its manifest wants it shown. */
export const ProbeView = memo(
  function ProbeView(props: ProbeViewProps) {
    // Made when it is first looked at.
    const [isMade, setMade] = useState(props.shown);
    if (props.shown && !isMade) setMade(true);
    return (
      <div className="probe-view" hidden={!props.shown}>
        {isMade && (
          <ViewBoundary title={props.manifest.title} copyText={props.controller.copyText}>
            <Picture {...props} />
          </ViewBoundary>
        )}
      </div>
    );
  },
  (before, after) => !before.shown && !after.shown,
);

function Picture(props: ProbeViewProps) {
  const { session, controller, view, manifest, data, snapshot, whole, selection, otherViews, errand } = props;
  const { windows } = data;
  const isEmpty = (whole.probes.get(manifest.id) ?? data).windows.windowCount === 0;
  const empty = isEmpty ? (
    <EmptyProbe {...{ session, view, snapshot: whole, manifest, data }} />
  ) : windows.windowCount === 0 ? (
    <EmptyNote title="Nothing was watched in the selected ranges." />
  ) : null;
  const shared = {
    snapshot,
    windows,
    selection,
    otherViews,
    errand,
    live: view.kind === 'live' && !isFixed(selection.range),
    onSelectionChange: (next: Selection) => session.select(next),
    copyText: controller.copyText,
  };
  switch (manifest.display.view) {
    case 'flamegraph':
      return empty ?? <FlameWorkspace {...shared} data={whole.probes.get(manifest.id) ?? data} />;
    case 'calls':
      return <CallsPicture {...props} shared={{ ...shared, empty }} />;
    case 'flows':
      return <NetworkPicture {...props} shared={{ ...shared, empty }} />;
    case 'drops':
    case 'events':
      // Its place is within the view of another probe.
      return null;
    default:
      return assertNever(manifest.display);
  }
}

type Shared = Omit<CallsWorkspaceProps, 'events'>;

function CallsPicture({ session, view, within, whole, shared }: ProbeViewProps & { readonly shared: Shared }) {
  const events = useEventsDesk(session, view, within[0] ?? null, whole);
  return <CallsWorkspace {...shared} events={events} />;
}

function NetworkPicture({
  session,
  controller,
  view,
  within,
  whole,
  shared,
}: ProbeViewProps & { readonly shared: Shared }) {
  const shownAs = (kind: Display['view']) =>
    within.find(({ windows }) => windows.manifest.display.view === kind) ?? null;
  const dns = useEventsDesk(session, view, shownAs('events'), whole);
  const drops = useEventsDesk(session, view, shownAs('drops'), whole);
  const packets = usePacketDesk(session, controller, view);
  return <NetworkWorkspace {...shared} {...{ dns, drops, packets }} />;
}

function assertNever(display: never): never {
  throw new Error(`unknown display ${JSON.stringify(display)}`);
}
