import { useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import type { ProbeData, StoreSnapshot } from '../../store/index.ts';
import type { EventsDesk } from '../../views/events-desk.ts';
import type { Session } from '../session.ts';
import { checkOptions } from '../start/connect-draft.ts';
import { lastOptions, probeState } from './probe-state.ts';

interface Asked {
  readonly what: 'start' | 'stop';
  /** The newest event when it was asked; undefined = there was none. */
  readonly after: ProbeSignal | undefined;
}

/** What a view may know and ask of the probe that shows single events; null where there is none. */
export function useEventsDesk(
  session: Session,
  view: SessionView,
  data: ProbeData | null,
  whole: StoreSnapshot,
): EventsDesk | null {
  const [asked, setAsked] = useState<Asked | null>(null);
  if (!data) return null;
  const { windows, events } = data;
  const { manifest } = windows;
  const state = probeState(events);
  const wasStarted = events.some(({ what }) => what.kind === 'started');
  const isOver = view.kind !== 'live' && view.kind !== 'reconnecting';
  const ask = (what: Asked['what'], request: () => void) => {
    setAsked({ what, after: events.at(-1) });
    request();
  };
  const told = state.kind === 'running' || state.kind === 'failed' ? state.kind : 'idle';
  return {
    manifest,
    windows,
    allWindows: (whole.probes.get(manifest.id) ?? data).windows,
    isOver,
    state: isOver ? 'idle' : (pendingOf(asked, events) ?? told),
    options: wasStarted ? lastOptions(events) : null,
    check: (typed) => checkOptions(manifest, typed),
    start: (options) =>
      ask('start', () => {
        // A probe that is asked for what it does already says nothing of it.
        if (state.kind === 'running') session.stopProbe(manifest.id);
        session.startProbe({ probe: manifest.id, options });
      }),
    stop: () => ask('stop', () => session.stopProbe(manifest.id)),
  };
}

/** Something was asked that no event has answered. The stop that a start with other options begins with is no answer. */
function pendingOf(asked: Asked | null, events: readonly ProbeSignal[]): 'starting' | 'stopping' | null {
  if (!asked) return null;
  const since = asked.after ? events.slice(events.lastIndexOf(asked.after) + 1) : events;
  const isAnswered = since.some(
    ({ what }) => what.kind === 'failed' || (asked.what === 'stop') === (what.kind === 'stopped'),
  );
  if (isAnswered) return null;
  return asked.what === 'start' ? 'starting' : 'stopping';
}
