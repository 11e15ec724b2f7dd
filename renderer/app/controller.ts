import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Answer, ExportKind, MenuCommand, RedactionRules, Target } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Source } from '../source/index.ts';
import type { FrameClock, RangeNs } from '../store/index.ts';
import { FIRST_STATE } from './app-state.ts';
import type { AppState } from './app-state.ts';
import { Arrivals } from './arrivals.ts';
import { CompareDesk } from './compare/compare-desk.ts';
import type { Desk } from './desk.ts';
import { Dialogue } from './dialogue.ts';
import { ExportDesk } from './export-desk.ts';
import { LibraryDesk } from './library/library-desk.ts';
import { QuitDesk } from './quit/quit-desk.ts';
import { Session } from './session.ts';
import type { SessionOrigin } from './session-state.ts';
import { SettingsDesk } from './settings/settings-desk.ts';

/** What the window does: screens read `state` and call these verbs, nothing else changes it. */
export class Controller {
  readonly state: StoreApi<AppState> = createStore<AppState>(() => FIRST_STATE);
  readonly #desk: Desk;
  readonly #frames: FrameClock;
  readonly #dialogue: Dialogue;
  readonly #exports: ExportDesk;
  readonly #closers: (() => void)[] = [];
  readonly #arrivals = new Arrivals((...whole) => this.#openWhole(...whole));
  readonly compare = new CompareDesk(this);
  readonly library: LibraryDesk;
  readonly quitting: QuitDesk;
  readonly settings: SettingsDesk;
  /** Where what is open was chosen: leaving it goes back there. */
  #isFromLibrary = false;

  constructor(desk: Desk, frames: FrameClock) {
    this.#desk = desk;
    this.#frames = frames;
    this.#dialogue = new Dialogue(desk, this.state);
    this.#exports = new ExportDesk(this.#dialogue);
    this.library = new LibraryDesk(this.#dialogue, this.state);
    this.quitting = new QuitDesk(this.#dialogue, this.state, () => this.#session());
    this.settings = new SettingsDesk(this.#dialogue, this.state, () => this.#readRecent());
  }

  async start(): Promise<void> {
    this.#closers.push(
      this.#desk.onSource((sessionId, source) => this.#arrivals.arrived(sessionId, source)),
      this.#desk.bridge.on('session-opened', ({ sessionId, ...origin }) => this.#adopt(sessionId, origin)),
      this.#desk.bridge.on('library-changed', () => this.library.refresh()),
      this.#desk.bridge.on('command', ({ name }) => this.#obey(name)),
      this.#desk.bridge.on('quit-asked', () => this.quitting.asked()),
    );
    const info = await this.#desk.bridge.request('app-info');
    if (info.ok) {
      const { version, sampleRecording, user, isFirstStart } = info.value;
      this.state.setState({ version, hasSampleRecording: sampleRecording, user });
      // Whoever was started with something to show shows that.
      if (isFirstStart && !this.#session()) this.showWelcome();
    }
    await Promise.all([this.settings.read(), this.#readRecent()]);
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
    const opened = await this.#dialogue.ask('open-recording', file);
    if (!opened) return null;
    const { sessionId } = opened;
    const source = await this.#arrivals.beside(sessionId);
    return new Session(sessionId, { kind: 'recording' }, source, this.#frames);
  }

  closeBeside(session: Session): void {
    session.close();
    void this.#dialogue.ask('close-session', session.id);
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
    await this.#dialogue.ask('forget-device', destination);
    await this.#readRecent();
    // Its passwords went with it.
    if (this.state.getState().secretStore) await this.settings.readSecrets();
  }

  async chooseKeyFile(): Promise<string | null> {
    return (await this.#dialogue.ask('choose-key-file')) ?? null;
  }

  /** ranges: none = all of the session. */
  async exportSession(what: ExportKind, ranges: readonly RangeNs[]): Promise<void> {
    const session = this.#session();
    if (session) await this.#exports.export(session, what, ranges);
  }

  async shareSession(rules: RedactionRules, what: ExportKind | null, ranges: readonly RangeNs[]): Promise<void> {
    const session = this.#session();
    if (session) await this.#exports.share(session, rules, what, ranges);
  }

  async saveAsRecording(): Promise<void> {
    const session = this.#session();
    if (session) await this.#exports.saveRecording(session);
  }

  chooseCaptureFile(hostname: string): Promise<string | null> {
    return this.#exports.chooseCaptureFile(hostname);
  }

  async hasWireshark(): Promise<boolean> {
    return (await this.#dialogue.ask('has-wireshark')) ?? false;
  }

  openInWireshark(file: string): void {
    void this.#dialogue.ask('open-in-wireshark', file);
  }

  /** What Sonde does, over whatever is shown. */
  showWelcome(): void {
    this.state.setState({ overlay: 'welcome' });
  }

  /** It is not shown by itself again. */
  closeWelcome(): void {
    this.state.setState({ overlay: null });
    void this.#dialogue.ask('dismiss-welcome');
  }

  /** All recordings of this workstation. */
  showLibrary(): void {
    this.#whenFree('goes to the recordings', () => {
      this.#drop();
      this.state.setState({ screen: { kind: 'library' } });
      void this.library.read();
    });
  }

  showInFolder(file: string): void {
    void this.#dialogue.ask('show-in-folder', file);
  }

  copyText = (text: string): void => {
    void this.#dialogue.ask('copy-text', text);
  };

  pathOfFile(file: File): string {
    return this.#desk.bridge.pathOfFile(file);
  }

  /** A failure that is nobody's screen. */
  tell(fault: Fault): void {
    this.#dialogue.tell(fault);
  }

  /** A file that the user did not wait for. */
  tellFile(text: string, file: string): void {
    this.#dialogue.toast({ text, file, fault: null });
  }

  closeToast(id: number): void {
    this.#dialogue.closeToast(id);
  }

  #session(): Session | null {
    const { screen } = this.state.getState();
    return screen.kind === 'session' ? screen.session : null;
  }

  #obey(command: MenuCommand): void {
    if (command === 'open-recording') this.openRecording(null);
    else if (command === 'library') this.showLibrary();
    else if (command === 'disconnect') this.#session()?.disconnect();
    else if (command === 'settings') this.settings.open();
    else if (command === 'welcome') this.showWelcome();
    else focusSearch();
  }

  /** Runs `act` at once, or after the user agreed that it ends a live session. */
  #whenFree(what: string, act: () => void, otherwise: () => void = () => {}): void {
    const view = this.#session()?.state.getState().view;
    if (view?.kind !== 'live' && view?.kind !== 'reconnecting') return act();
    this.#dialogue.question({
      title: 'End the live session?',
      text: `This ${what} and stops watching the device. What was recorded so far is kept.`,
      yes: 'End session',
      onYes: act,
      onNo: otherwise,
    });
  }

  async #open(
    busy: string,
    origin: SessionOrigin,
    request: () => Promise<Answer<'connect'> | Answer<'open-recording'>>,
  ): Promise<void> {
    const { screen } = this.state.getState();
    if (screen.kind === 'start') this.state.setState({ screen: { ...screen, fault: null, busy } });
    const answer = await request();
    if (answer.ok && answer.value) return this.#arrivals.expect(answer.value.sessionId, origin);
    const isStart = this.state.getState().screen.kind === 'start';
    if (isStart) this.#showStart(answer.ok ? null : answer.fault);
    else if (!answer.ok) this.tell(answer.fault);
  }

  /** Main opened a session by itself. It takes the place of what is shown, unless the user objects. */
  #adopt(sessionId: string, origin: SessionOrigin): void {
    this.#whenFree(
      origin.kind === 'live' ? 'opens another device' : 'opens a recording',
      () => this.#arrivals.expect(sessionId, origin),
      () => void this.#dialogue.ask('close-session', sessionId),
    );
  }

  #openWhole(sessionId: string, origin: SessionOrigin, source: Source): void {
    this.#drop();
    // A session that came by itself is not hidden by the first screen, which comes another time.
    if (this.state.getState().overlay === 'welcome') this.state.setState({ overlay: null });
    this.state.setState({ screen: { kind: 'session', session: new Session(sessionId, origin, source, this.#frames) } });
  }

  #drop(): void {
    this.compare.close();
    const session = this.#session();
    if (!session) return;
    session.close();
    void this.#dialogue.ask('close-session', session.id);
  }

  #showStart(fault: Fault | null): void {
    this.state.setState({ screen: { kind: 'start', fault, busy: null } });
  }

  async #readRecent(): Promise<void> {
    const [devices, recordings] = await Promise.all([
      this.#dialogue.ask('recent-devices'),
      this.#dialogue.ask('recent-recordings'),
    ]);
    this.state.setState((now) => ({ devices: devices ?? now.devices, recordings: recordings ?? now.recordings }));
  }
}

/** Of the view on the screen: the others keep their fields, unseen. */
function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type="search"]')];
  fields.find((field) => field.checkVisibility())?.focus();
}
