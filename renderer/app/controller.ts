import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Answer, ExportKind, RequestName, Requests, Target } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Source } from '../source/index.ts';
import type { FrameClock, RangeNs } from '../store/index.ts';
import { FIRST_STATE } from './app-state.ts';
import type { AppState, Question, Toast } from './app-state.ts';
import type { Desk } from './desk.ts';
import { suggestedExportName } from './export-name.ts';
import { Session } from './session.ts';
import type { SessionOrigin } from './session-state.ts';

/** Good news goes away by itself after ten seconds, long enough to reach "Show in folder"; bad news stays. */
const TOAST_MS = 10_000;

/** What the window does: screens read `state` and call these verbs, nothing else changes it. */
export class Controller {
  readonly state: StoreApi<AppState> = createStore<AppState>(() => FIRST_STATE);
  readonly #desk: Desk;
  readonly #frames: FrameClock;
  readonly #closers: (() => void)[] = [];
  /** Sources that came before it was known what they are for, and the other way round. */
  readonly #sources = new Map<string, Source>();
  readonly #expected = new Map<string, SessionOrigin>();
  #nextToast = 1;

  constructor(desk: Desk, frames: FrameClock) {
    this.#desk = desk;
    this.#frames = frames;
  }

  async start(): Promise<void> {
    this.#closers.push(
      this.#desk.onSource((sessionId, source) => {
        this.#sources.set(sessionId, source);
        this.#openIfWhole(sessionId);
      }),
      this.#desk.bridge.on('session-opened', ({ sessionId, ...origin }) => this.#adopt(sessionId, origin)),
      this.#desk.bridge.on('command', ({ name }) => this.#obey(name)),
    );
    const info = await this.#desk.bridge.request('app-info');
    if (info.ok) {
      const { version, sampleRecording, user } = info.value;
      this.state.setState({ version, hasSampleRecording: sampleRecording, user });
    }
    await this.#readRecent();
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
    this.#session()?.close();
  }

  connect(target: Target): void {
    this.state.setState({ lastTarget: target });
    void this.#open(`Connecting to ${target.destination}`, { kind: 'live', target }, () =>
      this.#desk.bridge.request('connect', target),
    );
  }

  /** file null = choose with the system's dialog. */
  openRecording(file: string | null): void {
    this.#whenFree('opens a recording', () => {
      void this.#open('Opening a recording', { kind: 'recording' }, () =>
        this.#desk.bridge.request('open-recording', file),
      );
    });
  }

  /** Ends what is open and goes back to the first screen. */
  leave(): void {
    this.#whenFree('goes back to the start', () => {
      this.#drop();
      this.#showStart(null);
      void this.#readRecent();
    });
  }

  /** Gives up connecting: no question, nothing is lost by it. */
  cancelConnecting(): void {
    this.#drop();
    this.#showStart(null);
  }

  connectAgain(): void {
    const origin = this.#session()?.origin;
    if (origin?.kind === 'live') this.connect(origin.target);
  }

  async forgetDevice(destination: string): Promise<void> {
    await this.#ask('forget-device', destination);
    await this.#readRecent();
  }

  async chooseKeyFile(): Promise<string | null> {
    return (await this.#ask('choose-key-file')) ?? null;
  }

  /** range null = all of the session. */
  async exportSession(what: ExportKind, range: RangeNs | null): Promise<void> {
    const session = this.#session();
    if (!session) return;
    const { device, wallOffsetMs, firstNs } = session.snapshots.getState();
    const startedMs = (range?.fromNs ?? firstNs) / 1e6 + (wallOffsetMs ?? 0);
    const file = await this.#ask(
      'choose-export-file',
      suggestedExportName(device?.hostname ?? '', startedMs, what),
      what.format,
    );
    if (!file) return;
    const outcome = await session.exportTo({ ...what, file, range });
    if (outcome.ok) this.#toast({ text: 'Exported', file: outcome.file, fault: null });
    else this.tell(outcome.fault);
  }

  showInFolder(file: string): void {
    void this.#ask('show-in-folder', file);
  }

  copyText = (text: string): void => {
    void this.#ask('copy-text', text);
  };

  pathOfFile(file: File): string {
    return this.#desk.bridge.pathOfFile(file);
  }

  /** A failure that is nobody's screen. */
  tell(fault: Fault): void {
    this.#toast({ text: fault.message, file: null, fault });
  }

  closeToast(id: number): void {
    this.state.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }

  #session(): Session | null {
    const { screen } = this.state.getState();
    return screen.kind === 'session' ? screen.session : null;
  }

  #obey(command: 'open-recording' | 'disconnect' | 'find'): void {
    if (command === 'open-recording') this.openRecording(null);
    else if (command === 'disconnect') this.#session()?.disconnect();
    else focusSearch();
  }

  /** Runs `act` at once, or after the user agreed that it ends a live session. */
  #whenFree(what: string, act: () => void, otherwise: () => void = () => {}): void {
    const view = this.#session()?.state.getState().view;
    if (view?.kind !== 'live' && view?.kind !== 'reconnecting') return act();
    this.#question({
      title: 'End the live session?',
      text: `This ${what} and stops watching the device. What was recorded so far is kept.`,
      yes: 'End session',
      onYes: act,
      onNo: otherwise,
    });
  }

  #question(question: Question): void {
    const answered = (act: () => void) => () => {
      this.state.setState({ question: null });
      act();
    };
    this.state.setState({ question: { ...question, onYes: answered(question.onYes), onNo: answered(question.onNo) } });
  }

  async #open(
    busy: string,
    origin: SessionOrigin,
    request: () => Promise<Answer<'connect'> | Answer<'open-recording'>>,
  ): Promise<void> {
    const { screen } = this.state.getState();
    if (screen.kind === 'start') this.state.setState({ screen: { ...screen, fault: null, busy } });
    const answer = await request();
    if (answer.ok && answer.value) return this.#expect(answer.value.sessionId, origin);
    if (!answer.ok && this.#session()) this.tell(answer.fault);
    else if (!this.#session()) this.#showStart(answer.ok ? null : answer.fault);
  }

  /** Main opened a session by itself. It takes the place of what is shown, unless the user objects. */
  #adopt(sessionId: string, origin: SessionOrigin): void {
    this.#whenFree(
      origin.kind === 'live' ? 'opens another device' : 'opens a recording',
      () => this.#expect(sessionId, origin),
      () => void this.#ask('close-session', sessionId),
    );
  }

  #expect(sessionId: string, origin: SessionOrigin): void {
    this.#expected.set(sessionId, origin);
    this.#openIfWhole(sessionId);
  }

  #openIfWhole(sessionId: string): void {
    const source = this.#sources.get(sessionId);
    const origin = this.#expected.get(sessionId);
    if (!source || !origin) return;
    this.#sources.delete(sessionId);
    this.#expected.delete(sessionId);
    this.#drop();
    this.state.setState({ screen: { kind: 'session', session: new Session(sessionId, origin, source, this.#frames) } });
  }

  #drop(): void {
    const session = this.#session();
    if (!session) return;
    session.close();
    void this.#ask('close-session', session.id);
  }

  #showStart(fault: Fault | null): void {
    this.state.setState({ screen: { kind: 'start', fault, busy: null } });
  }

  async #readRecent(): Promise<void> {
    const [devices, recordings] = await Promise.all([this.#ask('recent-devices'), this.#ask('recent-recordings')]);
    this.state.setState((now) => ({ devices: devices ?? now.devices, recordings: recordings ?? now.recordings }));
  }

  /** The value, or undefined after the failure was told. */
  async #ask<N extends RequestName>(name: N, ...args: Requests[N]['args']): Promise<Requests[N]['result'] | undefined> {
    const answer = await this.#desk.bridge.request(name, ...args);
    if (answer.ok) return answer.value;
    this.tell(answer.fault);
    return undefined;
  }

  #toast(toast: Omit<Toast, 'id'>): void {
    const id = this.#nextToast++;
    // The newest three are enough: older ones were seen or are no longer wanted.
    this.state.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), { ...toast, id }] }));
    if (!toast.fault) setTimeout(() => this.closeToast(id), TOAST_MS);
  }
}

/** Of the view on the screen: the others keep their fields, unseen. */
function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type="search"]')];
  fields.find((field) => field.checkVisibility())?.focus();
}
