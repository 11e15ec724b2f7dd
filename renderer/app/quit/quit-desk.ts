import type { StoreApi } from 'zustand/vanilla';
import type { FlightView } from '../../../electron/bridge/contract.ts';
import type { AppState } from '../app-state.ts';
import type { Dialogue } from '../dialogue.ts';
import type { Session } from '../session.ts';
import { runningChoices } from '../workspace/probe-state.ts';
import { FIRST_DRAFT, orderOf } from '../workspace/recorder/unattended-draft.ts';

/** The window is to be closed while a device is watched. */
export class QuitDesk {
  readonly #dialogue: Dialogue;
  readonly #state: StoreApi<AppState>;
  readonly #session: () => Session | null;
  #stopWaiting: () => void = () => undefined;

  constructor(dialogue: Dialogue, state: StoreApi<AppState>, session: () => Session | null) {
    this.#dialogue = dialogue;
    this.#state = state;
    this.#session = session;
  }

  asked(): void {
    if (this.#session()) this.#state.setState({ quit: { kind: 'asking', fault: null } });
    else this.leave();
  }

  stay(): void {
    this.#stopWaiting();
    this.#state.setState({ quit: null });
    void this.#dialogue.ask('answer-quit', false);
  }

  /** The recording is finished on the way out. */
  leave(): void {
    this.#stopWaiting();
    void this.#dialogue.ask('answer-quit', true);
  }

  /** The device goes on by itself; only when it does the window goes. */
  keepOnDevice(): void {
    const session = this.#session();
    if (session?.origin.kind !== 'live') return;
    const { notice } = session.state.getState();
    const before = runningIds(session.state.getState().flight);
    this.#state.setState({ quit: { kind: 'starting' } });
    this.#stopWaiting();
    this.#stopWaiting = session.state.subscribe((now) => {
      const isStarted = runningIds(now.flight).some((id) => !before.includes(id));
      const fault = now.notice !== notice ? now.notice : null;
      if (isStarted) return this.leave();
      if (!fault && now.view?.kind === 'live') return;
      this.#stopWaiting();
      this.#state.setState({ quit: { kind: 'asking', fault: fault ?? LINK_GONE } });
    });
    session.recordUnattended(orderOf(FIRST_DRAFT, runningChoices(session.snapshots.getState()), []));
  }
}

const LINK_GONE = {
  code: 'link-lost',
  message: 'the device cannot be reached now, so it cannot be told to go on by itself',
} as const;

function runningIds(flight: FlightView | null): readonly string[] {
  return (flight?.waiting ?? []).filter(({ running }) => running).map(({ id }) => id);
}
