import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ProbeChoice, SessionView } from '../../electron/bridge/contract.ts';
import { faultOf } from '../../remote-agent/protocol/fault.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type { ExportOrder, ExportOutcome, Source } from '../source/index.ts';
import { frozen, LIVE_LIMITS, REPLAY_LIMITS, SessionStore, WHOLE_BOX } from '../store/index.ts';
import type { FrameClock, Selection, StoreSnapshot } from '../store/index.ts';
import type { SessionOrigin, SessionState } from './session-state.ts';

/** One open session of the window: its source, its data, and what the user chose to see of it. */
export class Session {
  readonly id: string;
  readonly origin: SessionOrigin;
  readonly state: StoreApi<SessionState>;
  readonly snapshots: StoreApi<StoreSnapshot>;
  readonly #source: Source;
  readonly #data: SessionStore;
  readonly #off: () => void;

  constructor(id: string, origin: SessionOrigin, source: Source, frames: FrameClock) {
    this.id = id;
    this.origin = origin;
    this.#source = source;
    this.#data = new SessionStore(origin.kind === 'live' ? LIVE_LIMITS : REPLAY_LIMITS, frames);
    this.snapshots = this.#data.snapshots;
    const range: Selection['range'] = origin.kind === 'live' ? WHOLE_BOX.range : { kind: 'all' };
    this.state = createStore<SessionState>(() => ({
      view: null,
      link: null,
      linkUp: false,
      notice: null,
      selection: { ...WHOLE_BOX, range },
      following: range,
      held: null,
      exporting: false,
    }));
    this.#off = source.subscribe({
      signals: (batch) => this.#take(batch),
      view: (view) => this.#show(view),
      fault: (notice) => this.state.setState({ notice }),
    });
  }

  close(): void {
    this.#off();
    this.#data.close();
  }

  disconnect(): void {
    this.#source.disconnect();
  }

  reconnectNow(): void {
    this.#source.reconnectNow();
  }

  startProbe(choice: ProbeChoice): void {
    this.#source.startProbe(choice);
  }

  stopProbe(probe: string): void {
    this.#source.stopProbe(probe);
  }

  answer(prompt: number, value: string | boolean | null): void {
    this.#source.answer(prompt, value);
    // Shown no longer; the host's next state says what came of it.
    const { view } = this.state.getState();
    if (view?.kind === 'connecting' && view.prompt?.id === prompt)
      this.state.setState({ view: { ...view, prompt: null } });
  }

  dismissNotice(): void {
    this.state.setState({ notice: null });
  }

  select(selection: Selection): void {
    const { range } = selection;
    if (range.kind !== 'between') return this.state.setState({ selection, following: range, held: null });
    const { firstNs, lastNs } = this.snapshots.getState();
    this.state.setState(({ held }) => ({ selection, held: held ?? { firstNs, lastNs } }));
  }

  selectRange(range: Selection['range']): void {
    this.select({ ...this.state.getState().selection, range });
  }

  paused(): boolean {
    return this.state.getState().selection.range.kind === 'between';
  }

  /** Pause holds what is on screen; Resume goes back to what was followed before. */
  togglePause(): void {
    const { selection, following } = this.state.getState();
    this.selectRange(this.paused() ? following : frozen(selection.range, this.snapshots.getState()));
  }

  async exportTo(order: ExportOrder): Promise<ExportOutcome> {
    this.state.setState({ exporting: true });
    const outcome = await this.#source.exportTo(order);
    this.state.setState({ exporting: false });
    return outcome;
  }

  #show(view: SessionView): void {
    if (view.kind === 'live') this.state.setState({ view, link: view.link, linkUp: true });
    else if (view.kind === 'reconnecting') this.state.setState({ view, linkUp: false });
    else this.state.setState({ view });
    if (view.kind === 'replay' && view.complete) this.#data.hurry();
  }

  /** Data that cannot be used ends the session by name; the host is told, and goes on reading nothing. */
  #take(batch: readonly Signal[]): Promise<void> {
    try {
      return this.#data.ingest(batch);
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#fail(fault);
      return Promise.resolve();
    }
  }

  #fail(fault: Fault): void {
    this.#source.disconnect();
    this.state.setState({ notice: fault });
  }
}
