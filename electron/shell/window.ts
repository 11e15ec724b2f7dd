/** The one window: sandboxed, shows only our page, opens nothing, goes nowhere. */
import { BrowserWindow, nativeTheme } from 'electron';
import { APP_PAGE } from '../bridge/index.ts';
import type { Places } from './places.ts';
import { MIN_SIZE, placeWindow, windowStateFile } from './window-state.ts';

/** `--bg` of renderer/theme/tokens.css: the window must not flash white before the page is drawn. */
const BACKGROUND = { light: '#f3f5f6', dark: '#12171b' } as const;

export function openWindow(places: Places): BrowserWindow {
  const stateFile = windowStateFile(places.windowState);
  const state = stateFile.read();
  const window = new BrowserWindow({
    ...placeWindow(state),
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    title: 'Sonde',
    // Elsewhere the executable itself has it.
    ...(process.platform === 'linux' ? { icon: places.icon } : {}),
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload: places.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Acknowledgements must go on while the window is covered, or a session would be throttled with it.
      backgroundThrottling: false,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  const repaint = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', repaint);
  window.once('closed', () => nativeTheme.off('updated', repaint));
  window.on('close', () => remember(window, stateFile));
  void window.loadURL(APP_PAGE);
  return window;
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

function remember(window: BrowserWindow, stateFile: ReturnType<typeof windowStateFile>): void {
  try {
    stateFile.write({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  } catch (error) {
    console.error(`cannot remember where the window was: ${String(error)}`);
  }
}
