/**
 * Main wires the shell by hand and opens the window: windows, dialogs, permissions, session processes, nothing else.
 * No top-level await before a window: Electron would never become ready.
 */
import { userInfo } from 'node:os';
import { app, type BrowserWindow, clipboard, dialog, ipcMain, safeStorage, shell } from 'electron';
import { faultOf } from '../remote-agent/protocol/fault.ts';
import {
  isBoolean,
  type MenuCommand,
  type Secret,
  sendEvent,
  sendPort,
  serveRequests,
  usualChoices,
} from './bridge/index.ts';
import { nameAndVersion, showAbout, versions } from './shell/about.ts';
import { declareAppScheme, serveApp } from './shell/app-protocol.ts';
import { commandWords, type Started } from './shell/arguments.ts';
import { runCommandLine } from './shell/command-line.ts';
import { diagnostics } from './shell/diagnostics.ts';
import { forgetHostKeyInProcess } from './shell/forget-host-key.ts';
import { JsonFile } from './shell/json-file.ts';
import { startLean } from './shell/lean.ts';
import { liveJob } from './shell/live-job.ts';
import { lockDown } from './shell/lockdown.ts';
import { keepErrors, LogFile } from './shell/log-file.ts';
import { setMenu } from './shell/menu.ts';
import { placesFor } from './shell/places.ts';
import { QuitQuestion } from './shell/quit-question.ts';
import { RecentDevices } from './shell/recent-devices.ts';
import { Library } from './shell/library/library.ts';
import { lookInProcess } from './shell/library/look.ts';
import { requestHandlers } from './shell/requests.ts';
import { SecretStore } from './shell/secrets.ts';
import { Sessions } from './shell/sessions.ts';
import { SettingsFile } from './shell/settings-file.ts';
import { applyTheme } from './shell/settings-requests.ts';
import { isFirstInstance, onSecondInstance, ownStart } from './shell/single-instance.ts';
import { openWindow } from './shell/window.ts';

declareAppScheme();
app.on('window-all-closed', () => app.quit());
/** A recording that was double-clicked where the system names files by event (macOS), perhaps before the window is there. */
let openFile = (file: string): void => void process.argv.push(file);
app.on('open-file', (event, file) => {
  event.preventDefault();
  openFile(file);
});
const words = commandWords(process.argv.slice(1), app.isPackaged);
if (words) await runCommandLine(words, new URL('../cli/sonde.mjs', import.meta.url));
else if (isFirstInstance()) {
  startLean(app);
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      console.error(error);
      app.exit(1);
    });
} else app.exit(0);

function start(): void {
  const places = placesFor(import.meta.url, app.getPath('userData'));
  const settings = new SettingsFile(places.settings, places.recordings);
  const devices = new RecentDevices(places.recentDevices);
  const secrets = new SecretStore(places.secrets, safeStorage);
  const welcome = new JsonFile<boolean>(places.welcome, isBoolean, false);
  const log = new LogFile(places.logs);
  keepErrors(log);
  lockDown();
  serveApp(places.page);
  applyTheme(settings.view());
  const window = openWindow(places);
  const page = window.webContents;
  const hooks = {
    send: (name: MenuCommand) => sendEvent(page, 'command', { name }),
    quit: () => window.close(),
    about: () => void showAbout(window, places.notices),
    copyDiagnostics: () =>
      clipboard.writeText(diagnostics({ about: [nameAndVersion(), ...versions(process.versions)], log, ...whose() })),
  };
  setMenu(hooks, process.env['NODE_ENV'] !== 'production');

  const sessions = new Sessions(places.host, {
    handOver: (sessionId, port) => sendPort(page, sessionId, port),
    keepSecrets: ({ target }, accepted) => keep(secrets, target.destination, accepted),
    complained: (words) => console.error(words.trimEnd()),
    connected: ({ target }, { hostname, osName }) =>
      devices.remember({
        destination: target.destination,
        identityFiles: target.identityFiles,
        lastUsedMs: Date.now(),
        hostname,
        osName,
      }),
  });
  const quitting = new QuitQuestion({
    isWatching: () => sessions.isWatching,
    ask: () => sendEvent(page, 'quit-asked', {}),
    close: () => window.close(),
  });
  const library = new Library({
    folder: () => settings.folder,
    userData: app.getPath('userData'),
    open: () => sessions.openFiles(),
    look: (files, told) => lookInProcess(places.host, files, told),
    trash: (file) => shell.trashItem(file),
    changed: () => sendEvent(page, 'library-changed', {}),
  });
  serveRequests(
    ipcMain,
    () => (window.isDestroyed() ? null : page),
    requestHandlers({
      window,
      places,
      settings,
      sessions,
      devices,
      secrets,
      welcome,
      library,
      quitting,
      forgetHostKey: (destination) => forgetHostKeyInProcess(places.host, destination),
    }),
  );

  // A page that is loaded again has lost its ports, and a page that crashed shows nothing: their sessions end in order.
  page.on('did-start-navigation', (details) => {
    if (!details.isMainFrame || details.isSameDocument) return;
    quitting.forget();
    void sessions.closeAll();
  });
  page.on('render-process-gone', (_event, details) => {
    console.error(`the page ended unexpectedly: ${details.reason}`);
    void sessions.closeAll().then(() => page.reload());
  });
  let isLeaving = false;
  // A quit that comes from elsewhere than the window: the system ends, a signal, a driver.
  app.on('before-quit', () => quitting.endUnasked());
  window.on('session-end', () => quitting.endUnasked());
  window.on('close', (event) => {
    if (!quitting.mayClose()) return event.preventDefault();
    isLeaving = true;
    if (sessions.count === 0) return;
    event.preventDefault();
    window.hide();
    void sessions.closeAll().then(() => window.destroy());
  });

  const usual = () => usualChoices(settings.settings);
  const first = ownStart(usual());
  if (first.recording !== null || first.connect) sessions.prepare();
  const open = ({ recording, connect }: Started): void => {
    if (connect) {
      const sessionId = sessions.start(liveJob(connect.target, connect.acceptHostKey, { places, settings, secrets }));
      sendEvent(page, 'session-opened', { sessionId, kind: 'live', target: connect.target });
    } else if (recording !== null) {
      const sessionId = sessions.start({ kind: 'replay', file: recording });
      sendEvent(page, 'session-opened', { sessionId, kind: 'recording' });
    }
  };
  const loaded = new Promise<void>((resolve) => page.once('did-finish-load', () => resolve()));
  void loaded.then(() => {
    open(ownStart(usual()));
    openFile = (recording) => open({ recording, connect: null });
  });
  onSecondInstance({
    isLeaving: () => isLeaving,
    usual,
    open: (started) => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      void loaded.then(() => open(started)).catch((error: unknown) => tell(window, error));
    },
  });
}

const whose = () => ({ home: app.getPath('home'), user: userInfo().username });

/** The session goes on where that fails: it is asked for again the next time. */
function keep(secrets: SecretStore, destination: string, accepted: readonly Secret[]): void {
  try {
    secrets.keep(destination, accepted, Date.now());
  } catch (error) {
    console.error(faultOf(error)?.message ?? 'cannot remember a password');
  }
}

/** A refusal of what a second start asked for. */
function tell(window: BrowserWindow, error: unknown): void {
  const fault = faultOf(error);
  if (!fault) throw error;
  void dialog.showMessageBox(window, { type: 'info', message: fault.message, detail: fault.hint ?? '' });
}
