import { useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { hasWindows } from '../../store/index.ts';
import type { ProbeData, StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import type { Session } from '../session.ts';
import { usePending } from './probe-control.tsx';
import { probeState } from './probe-state.ts';
import type { ProbeState } from './probe-state.ts';
import { StartProbeForm } from './start-probe-form.tsx';

export interface EmptyProbeProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly snapshot: StoreSnapshot;
  readonly manifest: ProbeManifest;
  readonly data: ProbeData;
}

/** The place of a view whose probe has sent nothing: why that is, and what can be done. */
export function EmptyProbe({ session, view, snapshot, manifest, data }: EmptyProbeProps) {
  const { unit } = manifest.display;
  const [isPending, ask] = usePending(data.events);
  const state = probeState(data.events);
  if (view.kind === 'replay' && !view.complete) return <EmptyNote title={`No ${unit} so far…`} />;
  if (view.kind === 'replay')
    return <EmptyNote title={`This recording has no ${manifest.title.toLowerCase()}.`} note={whyNone(state)} />;
  if (view.kind !== 'live') return <EmptyNote title={`No ${unit} were taken.`} />;
  // Probes start one after the other: nobody has said yet that this one will not.
  const mayCome = state.kind === 'running' || (state.kind === 'unknown' && !hasWindows(snapshot));
  if (mayCome || isPending) return <EmptyNote title={`Waiting for the first ${unit}…`} />;
  return (
    <EmptyNote
      title={`${manifest.title}: not running`}
      note={noteFor(state, manifest)}
      action={
        <StartAction
          manifest={manifest}
          onStart={(options) => ask(() => session.startProbe({ probe: manifest.id, options }))}
        />
      }
    />
  );
}

function noteFor(state: ProbeState, manifest: ProbeManifest): string {
  return state.kind === 'failed' ? 'It could not be started; the reason is told above.' : manifest.summary;
}

function whyNone(state: ProbeState): string | undefined {
  return state.kind === 'failed' ? `It could not be started: ${state.fault.message}.` : undefined;
}

function StartAction({
  manifest,
  onStart,
}: {
  readonly manifest: ProbeManifest;
  readonly onStart: (options: Readonly<Record<string, string>>) => void;
}) {
  const [withOptions, setWithOptions] = useState(false);
  if (withOptions) return <StartProbeForm manifest={manifest} onStart={onStart} />;
  return (
    <p className="start-actions">
      <Button look="primary" onClick={() => onStart({})}>
        Start {manifest.title.toLowerCase()}
      </Button>
      <Button onClick={() => setWithOptions(true)}>With options…</Button>
    </p>
  );
}
