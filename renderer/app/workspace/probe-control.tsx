import { useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import type { ProbeData } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { Popover } from '../../widgets/popover.tsx';
import type { Session } from '../session.ts';
import { StartProbeForm } from './start-probe-form.tsx';
import { lastOptions, optionFacts, probeState } from './probe-state.ts';

export interface ProbeControlProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly manifest: ProbeManifest;
  readonly data: ProbeData;
}

/** Whether a probe runs, how it was started, and the way to start and stop it. */
export function ProbeControl({ session, view, manifest, data }: ProbeControlProps) {
  const { events } = data;
  const [isPending, ask] = usePending(events);
  const state = probeState(events);
  if (view.kind !== 'live' && view.kind !== 'reconnecting') {
    return <p className="probe-control">{optionFacts(manifest, lastOptions(events))}</p>;
  }
  const facts = state.kind === 'running' ? optionFacts(manifest, state.options) : 'not running';
  return (
    <div className="probe-control">
      <span className="probe-facts" title={facts}>
        {facts}
      </span>
      {state.kind === 'running' ? (
        <Button
          disabled={isPending || view.kind !== 'live'}
          title={`Stop ${manifest.title}; what it has shown stays`}
          onClick={() => ask(() => session.stopProbe(manifest.id))}
        >
          {isPending ? 'Stopping…' : 'Stop'}
        </Button>
      ) : isPending || view.kind !== 'live' ? (
        <Button disabled>{isPending ? 'Starting…' : 'Start…'}</Button>
      ) : (
        <Popover face="Start…" label={`Start ${manifest.title}`} look="button-plain" side="below" align="end">
          {(close) => (
            <StartProbeForm
              manifest={manifest}
              onStart={(options) => {
                close();
                ask(() => session.startProbe({ probe: manifest.id, options }));
              }}
            />
          )}
        </Popover>
      )}
    </div>
  );
}

/** Something was asked, and no event of the probe has answered yet. */
export function usePending(events: readonly ProbeSignal[]): [isPending: boolean, ask: (request: () => void) => void] {
  const [asked, setAsked] = useState<readonly ProbeSignal[] | null>(null);
  return [
    asked === events,
    (request) => {
      setAsked(events);
      request();
    },
  ];
}
