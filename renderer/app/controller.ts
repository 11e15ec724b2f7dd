import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type {
  Answer,
  ExportKind,
  RedactionRules,
  RequestName,
  Requests,
  Target,
} from '../../electron/bridge/contract.ts';
import type { CleanUpRules, DeleteWay, LibraryEntry } from '../../electron/bridge/library.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Source } from '../source/index.ts';
import type { FrameClock, RangeNs } from '../store/index.ts';
import { fileName, formatBytes } from '../widgets/format.ts';
import { FIRST_STATE } from './app-state.ts';
import type { AppState, Question, Toast } from './app-state.ts';
import { CompareDesk } from './compare/compare-desk.ts';
import type { Desk } from './desk.ts';
import { suggestedCaptureName, suggestedExportName, suggestedShareName } from './export-name.ts';
import { Session } from './session.ts';
import type { SessionOrigin } from './session-state.ts';

/** Good news goes away by itself after ten seconds, long enough to reach "Show in folder"; bad news stays. */
const TOAST_MS = 10_000;

/** Recordings are looked at many a second; nobody reads as fast. */
const LIBRARY_MS = 1000;

/** What the window does: screens read `state` and call these verbs, nothing else changes it. */
export class Controller {
  readonly state: StoreApi<AppState> = createStore<AppState>(() => FIRST_STATE);
  readonly #desk: Desk;
  readonly #frames: FrameClock;
  readonly #closers: (() => void)[] = [];
  /** Sources that came before it was known what they are for, and the other way round. */
  readonly #sources = new Map<string, Source>();
  readonly #expected = new Map<string, SessionOrigin>();
  /** Who waits for a session beside the one that is shown. */
  readonly #beside = new Map<string, (source: Source) => void>();
  readonly compare = new CompareDesk(this);
  #nextToast = 1;
  #refreshing = false;
  /** Where what is open was chosen: leaving it goes back there. */
  #isFromLibrary = false;

  constructor(desk: Desk, frames: FrameClock) {
    this.#desk = desk;
    this.#frames = frames;
  }

  async start(): Promise<void> {
    this.#closers.push(
      this.#desk.onSource((sessionId, source) => {
        this.#sources.set(sessionId, source);
        this.#beside.get(sessionId)?.(source);
        this.#openIfWhole(sessionId);
      }),
      this.#desk.bridge.on('session-opened', ({ sessionId, ...origin }) => this.#adopt(sessionId, origin)),
      this.#desk.bridge.on('library-changed', () => this.#refreshLibrary()),
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
    this.#isFromLibrary = false;
    this.state.setState({ lastTarget: target });
    void this.#open(`Connecting to ${target.destination}`, { kind: 'live', target }, () =>
      this.#desk.bridge.request('connect', target),
    );
  }

  /** file null = choose with the system's dialog. */
  openRecording(file: string | null): void {
    this.#whenFree('opens a recording', () => {
      this.#isFromLibrary = this.state.getState().screen.kind === 'library';
      void this.#open('Opening a recording', { kind: 'recording' }, () =>
        this.#desk.bridge.request('open-recording', file),
      );
    });
  }

  /** A recording beside what is shown. file null = choose with the system's dialog; null: none is there, which was told. */
  async openBeside(file: string | null): Promise<Session | null> {
    const opened = await this.#ask('open-recording', file);
    if (!opened) return null;
    const { sessionId } = opened;
    const source = this.#sources.get(sessionId) ?? (await this.#sourceOf(sessionId));
    this.#sources.delete(sessionId);
    return new Session(sessionId, { kind: 'recording' }, source, this.#frames);
  }

  closeBeside(session: Session): void {
    session.close();
    void this.#ask('close-session', session.id);
  }

  /** Ends what is open and goes back to the first screen. */
  leave(): void {
    if (this.#session() && this.#isFromLibrary) return this.showLibrary();
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

  /** Redacted. what null = a whole recording. The device's name is not in the name of the file. */
  async shareSession(rules: RedactionRules, what: ExportKind | null): Promise<void> {
    const session = this.#session();
    if (!session) return;
    const { wallOffsetMs, firstNs } = session.snapshots.getState();
    const startedMs = firstNs / 1e6 + (wallOffsetMs ?? 0);
    const file = what
      ? await this.#ask('choose-export-file', suggestedExportName('redacted', startedMs, what), what.format)
      : await this.#ask('choose-share-file', suggestedShareName(startedMs));
    if (!file) return;
    const outcome = await session.share({ file, rules, what, range: null });
    if (outcome.ok) this.#toast({ text: 'Saved for sharing', file: outcome.file, fault: null });
    else this.tell(outcome.fault);
  }

  /** null = the user chose none. */
  chooseCaptureFile(hostname: string): Promise<string | null> {
    return this.#ask('choose-capture-file', suggestedCaptureName(hostname, Date.now())).then((file) => file ?? null);
  }

  async hasWireshark(): Promise<boolean> {
    return (await this.#ask('has-wireshark')) ?? false;
  }

  openInWireshark(file: string): void {
    void this.#ask('open-in-wireshark', file);
  }

  /** All recordings of this workstation. */
  showLibrary(): void {
    this.#whenFree('goes to the recordings', () => {
      this.#drop();
      this.state.setState({ screen: { kind: 'library' } });
      void this.readLibrary();
    });
  }

  async readLibrary(): Promise<void> {
    const library = await this.#ask('library');
    if (library) this.state.setState({ library });
  }

  async noteRecording(file: string, note: string): Promise<void> {
    await this.#ask('note-recording', file, note);
    await this.readLibrary();
  }

  async keepRecording(file: string, isKept: boolean): Promise<void> {
    await this.#ask('keep-recording', file, isKept);
    await this.readLibrary();
  }

  async setCleanUpRules(rules: CleanUpRules): Promise<void> {
    await this.#ask('set-clean-up-rules', rules);
    await this.readLibrary();
  }

  askToDelete({ file, bytes }: LibraryEntry): void {
    this.#question({
      title: 'Delete this recording?',
      text: `${fileName(file)} (${formatBytes(bytes)}) goes to the trash of the system, from where it can be had back.`,
      yes: 'Move to the trash',
      onYes: () => void this.deleteRecordings([file], false),
      onNo: () => {},
    });
  }

  /** Where the system has no trash, it is asked again, in other words. byRules: only what still goes by the rules. */
  async deleteRecordings(files: readonly string[], byRules: boolean, way: DeleteWay = 'trash'): Promise<void> {
    const deleted = await this.#ask(byRules ? 'clean-up' : 'delete-recordings', files, way);
    await this.readLibrary();
    if (!deleted) return;
    const stayed = deleted.filter(({ fault }) => fault !== null);
    const gone = deleted.length - stayed.length;
    if (gone > 0) this.#toast({ text: goneText(gone, way), file: null, fault: null });
    const [first] = stayed;
    if (!first?.fault) return;
    if (way === 'for-ever') return this.tell(first.fault);
    this.#question({
      title: stayed.length === 1 ? 'Delete it for ever?' : `Delete ${stayed.length} recordings for ever?`,
      text: `It could not be moved to the trash: ${first.fault.message}. What is deleted for ever cannot be had back.`,
      yes: 'Delete for ever',
      onYes: () =>
        void this.deleteRecordings(
          stayed.map(({ file }) => file),
          byRules,
          'for-ever',
        ),
      onNo: () => {},
    });
  }

  #refreshLibrary(): void {
    if (this.#refreshing || this.state.getState().screen.kind !== 'library') return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      void this.readLibrary();
    }, LIBRARY_MS);
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

  /** A file that the user did not wait for. */
  tellFile(text: string, file: string): void {
    this.#toast({ text, file, fault: null });
  }

  closeToast(id: number): void {
    this.state.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }

  #session(): Session | null {
    const { screen } = this.state.getState();
    return screen.kind === 'session' ? screen.session : null;
  }

  #obey(command: 'open-recording' | 'library' | 'disconnect' | 'find'): void {
    if (command === 'open-recording') this.openRecording(null);
    else if (command === 'library') this.showLibrary();
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
    const isStart = this.state.getState().screen.kind === 'start';
    if (isStart) this.#showStart(answer.ok ? null : answer.fault);
    else if (!answer.ok) this.tell(answer.fault);
  }

  /** Main opened a session by itself. It takes the place of what is shown, unless the user objects. */
  #adopt(sessionId: string, origin: SessionOrigin): void {
    this.#whenFree(
      origin.kind === 'live' ? 'opens another device' : 'opens a recording',
      () => this.#expect(sessionId, origin),
      () => void this.#ask('close-session', sessionId),
    );
  }

  #sourceOf(sessionId: string): Promise<Source> {
    return new Promise((resolve) => {
      this.#beside.set(sessionId, (source) => {
        this.#beside.delete(sessionId);
        resolve(source);
      });
    });
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
    this.compare.close();
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

function goneText(count: number, way: DeleteWay): string {
  const what = count === 1 ? 'The recording' : `${count} recordings`;
  return way === 'trash' ? `${what} moved to the trash, where the system keeps it` : `${what} deleted`;
}

/** Of the view on the screen: the others keep their fields, unseen. */
function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type="search"]')];
  fields.find((field) => field.checkVisibility())?.focus();
}
