/**
 * Main wires the shell by hand and opens the window: windows, dialogs, permissions, session processes, nothing else.
 * No top-level await: Electron would never become ready.
 */
import { app, ipcMain } from 'electron';
import { sendEvent, sendPort, serveRequests } from './bridge/index.ts';
import { declareAppScheme, serveApp } from './shell/app-protocol.ts';
import { parseArguments, type Started } from './shell/arguments.ts';
import { lockDown } from './shell/lockdown.ts';
import { setMenu } from './shell/menu.ts';
import { placesFor } from './shell/places.ts';
import { RecentDevices } from './shell/recent-devices.ts';
import { liveJob, requestHandlers } from './shell/requests.ts';
import { Sessions } from './shell/sessions.ts';
import { openWindow } from './shell/window.ts';
import path from 'node:path';

declareAppScheme();
app.on('window-all-closed', () => app.quit());
app
  .whenReady()
  .then(start)
  .catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });

function start(): void {
  const places = placesFor(import.meta.url, app.getPath('userData'));
  const devices = new RecentDevices(places.recentDevices);
  lockDown();
  serveApp(places.page);
  const window = openWindow(places);
  const page = window.webContents;
  setMenu((name) => sendEvent(page, 'command', { name }), process.env['NODE_ENV'] !== 'production');

  const sessions = new Sessions(places.host, {
    handOver: (sessionId, port) => sendPort(page, sessionId, port),
    connected: ({ target }, { hostname, osName }) =>
      devices.remember({
        destination: target.destination,
        identityFiles: target.identityFiles,
        lastUsedMs: Date.now(),
        hostname,
        osName,
      }),
  });
  serveRequests(
    ipcMain,
    () => (window.isDestroyed() ? null : page),
    requestHandlers({ window, places, sessions, devices }),
  );

  // A page that is loaded again has lost its ports, and a page that crashed shows nothing: their sessions end in order.
  page.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) void sessions.closeAll();
  });
  page.on('render-process-gone', (_event, details) => {
    console.error(`the page ended unexpectedly: ${details.reason}`);
    void sessions.closeAll().then(() => page.reload());
  });
  window.on('close', (event) => {
    if (sessions.count === 0) return;
    event.preventDefault();
    window.hide();
    void sessions.closeAll().then(() => window.destroy());
  });

  page.once('did-finish-load', () => {
    const started = parseArguments(process.argv.slice(1), !app.isPackaged);
    const opened = open(started);
    if (opened) sendEvent(page, 'session-opened', opened);
  });

  function open({ recording, connect }: Started): { sessionId: string; kind: 'live' | 'recording' } | null {
    if (connect)
      return { sessionId: sessions.start(liveJob(connect.target, connect.acceptHostKey, places)), kind: 'live' };
    if (recording === null) return null;
    return { sessionId: sessions.start({ kind: 'replay', file: path.resolve(recording) }), kind: 'recording' };
  }
}
