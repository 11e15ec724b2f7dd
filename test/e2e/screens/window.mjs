// A bare window of the application's own runtime, for pages served by a test.
import { app, BrowserWindow } from 'electron';

app.disableHardwareAcceleration();
app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, useContentSize: true });
  return window.loadURL('about:blank');
});
