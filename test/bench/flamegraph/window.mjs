// The main process of the bench: one empty window, drawn in software as on a machine without a graphics card.
import { app, BrowserWindow } from 'electron';

app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, useContentSize: true });
  return window.loadURL('about:blank');
});
