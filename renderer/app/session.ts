import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type {
  CaptureOrder,
  ProbeChoice,
  RedactionRules,
  SessionView,
  UnattendedOrder,
} from '../../electron/bridge/contract.ts';
import { faultOf } from '../../remote-agent/protocol/fault.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type {
  ExportOrder,
  ExportOutcome,
  PreviewOutcome,
  ShareOrder,
  Source,
  SummaryOutcome,
} from '../source/index.ts';
import { frozen, isFixed, LIVE_LIMITS, REPLAY_LIMITS, SessionStore, WHOLE_BOX } from '../store/index.ts';
import type { FrameClock, RangeNs, Selection, StoreSnapshot } from '../store/index.ts';
import { MarkBook } from './mark-book.ts';
import { AT_END, trailing, trailingSeconds } from './playback.ts';
import { Player } from './player.ts';
import type { SessionOrigin, SessionState } from './session-state.ts';

/** One open session of the window: its source, its data, and what the user chose to see of it. */
export class Session {
  readonly id: string;
  readonly origin: SessionOrigin;
  readonly state: StoreApi<SessionState>;
  readonly snapshots: StoreApi<StoreSnapshot>;
  /** Of what does not grow any more. */
  readonly player: Player;
  readonly marks: MarkBook;
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
      capture: null,
      flight: null,
      marks: [],
      canUndoMarks: false,
      playback: AT_END,
    }));
    this.player = new Player(this.state, this.snapshots, frames);
    this.marks = new MarkBook(this.state, (marks) => source.setMarks(marks));
    this.#off = source.subscribe({
      signals: (batch) => this.#take(batch),
      view: (view) => this.#show(view),
      marks: (marks) => this.state.setState({ marks }),
      series: (series) => this.#data.setSeries(series),
      refill: (phase) => this.#data.refill(phase),
      capture: (capture) => this.state.setState({ capture }),
      flight: (flight) => this.state.setState({ flight }),
      fault: (notice) => this.state.setState({ notice }),
    });
  }

  close(): void {
    this.#off();
    this.player.close();
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

  startCapture(order: CaptureOrder): void {
    this.#source.startCapture(order);
  }

  stopCapture(): void {
    this.#source.stopCapture();
  }

  keepLast(seconds: number): void {
    this.#source.keepLast(seconds);
  }

  setTriggers(triggers: readonly string[], keep: boolean): void {
    this.#source.setTriggers(triggers, keep);
  }

  recordUnattended(order: UnattendedOrder): void {
    this.#source.recordUnattended(order);
  }

  fetchRecording(id: string): void {
    this.#source.fetchRecording(id);
  }

  deleteRecording(id: string): void {
    this.#source.deleteRecording(id);
  }

  /** The end of the last one is not shown any more. */
  dismissCapture(): void {
    if (this.state.getState().capture?.kind === 'ended') this.state.setState({ capture: null });
  }

  /** Of a recording that is too long to be held whole: this part, as fine as fits. null = all of it. */
  showRange(range: RangeNs | null): void {
    this.#source.showRange(range);
  }

  /** keep: a secret is to be remembered. */
  answer(prompt: number, value: string | boolean | null, keep = false): void {
    this.#source.answer(prompt, value, keep);
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
    const old = this.state.getState().selection.range;
    this.state.setState({ selection: { ...selection, range: old } });
    if (range !== old) this.selectRange(range);
  }

  selectRange(range: Selection['range']): void {
    if (this.player.follow(range)) return;
    const { firstNs, lastNs } = this.snapshots.getState();
    this.state.setState(({ selection: before, held }) => {
      const selection = { ...before, range };
      if (!isFixed(range)) return { selection, following: range, held: null };
      return { selection, held: held ?? { firstNs, lastNs } };
    });
  }

  /** A moment was pointed at: what led to it is shown. */
  seek(atNs: number): void {
    if (!this.grows()) return this.player.seek(atNs);
    const extent = this.snapshots.getState();
    const seconds = trailingSeconds(this.state.getState().following, extent);
    this.selectRange({ kind: 'between', ...trailing(seconds, atNs, extent) });
  }

  /** Data still comes in: then a fixed range is a pause. */
  grows(): boolean {
    const { view } = this.state.getState();
    return view?.kind === 'live' || view?.kind === 'reconnecting';
  }

  paused(): boolean {
    return isFixed(this.state.getState().selection.range);
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

  cancelExports(): void {
    this.#source.cancelExports();
  }

  previewRedaction(rules: RedactionRules, ranges: readonly RangeNs[]): Promise<PreviewOutcome | null> {
    return this.#source.previewRedaction(rules, ranges);
  }

  summarise(ranges: readonly RangeNs[], onProgress: (progress: number) => void): Promise<SummaryOutcome | null> {
    return this.#source.summarise(ranges, onProgress);
  }

  cancelSummary(): void {
    this.#source.cancelSummary();
  }

  async share(order: ShareOrder): Promise<ExportOutcome> {
    this.state.setState({ exporting: true });
    const outcome = await this.#source.share(order);
    this.state.setState({ exporting: false });
    return outcome;
  }

  #show(view: SessionView): void {
    // Nobody is left to tell of its end; one that ended in order has told, or will.
    if (view.kind === 'ended' && this.state.getState().capture?.kind !== 'ended')
      this.state.setState({ capture: null });
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
