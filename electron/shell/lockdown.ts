/** Denies, for every page that will ever exist in this process: going elsewhere, opening windows, embedding, permissions. */
import { app, session } from 'electron';
import { APP_ORIGIN } from '../bridge/index.ts';

export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event) => event.preventDefault());
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  // The page needs nothing from any network; what asks for it is not ours.
  session.defaultSession.webRequest.onBeforeRequest((request, answer) => {
    const url = request.url;
    const ours =
      url.startsWith(`${APP_ORIGIN}/`) ||
      url.startsWith('devtools:') ||
      url.startsWith('data:') ||
      url.startsWith('blob:');
    answer({ cancel: !ours });
  });
}
