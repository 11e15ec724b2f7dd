/**
 * Keeps memory where the data is: the page's engine collects in time, and Chromium and GTK load nothing on Linux that Sonde
 * does not use, a sixth of an idle window. Must run before the application is ready.
 */
import { existsSync } from 'node:fs';
import type { App, CommandLine } from 'electron';

/**
 * The page's heap may grow by this much before it is collected. By itself it grows to several times of what is alive, for
 * twenty minutes, and with it whatever its objects hold outside: 30 MB of elements that are shown no more.
 */
const HEAP = '--heap-growing-percent=30,--initial-old-space-size=8';
/** The page is served by main, and every other request is refused: a process for the network would only wait. */
const NO_NETWORK_PROCESS = 'NetworkServiceInProcess2';
/** One of them is there wherever pictures can be made by anything but the CPU. */
const GRAPHICS = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'];
/** The first GTK program of a display asks it what OpenGL can do, through 20 MB of libraries; we draw nothing with it. */
const GTK_WITHOUT_GL = { name: 'GDK_GL', value: 'disable' };

export function startLean(app: Pick<App, 'commandLine' | 'whenReady'>): void {
  addTo(app.commandLine, 'js-flags', HEAP);
  if (process.platform !== 'linux') return;
  addTo(app.commandLine, 'enable-features', NO_NETWORK_PROCESS);
  for (const name of switchesFor(existsSync)) app.commandLine.appendSwitch(name);
  const { name, value } = GTK_WITHOUT_GL;
  if (process.env[name] !== undefined) return;
  process.env[name] = value;
  // GTK has read it by then, and programs that are started later may want to draw with it.
  void app.whenReady().then(() => delete process.env[name]);
}

/** What somebody asked for on the command line stays, and counts for more. */
export function addTo(commandLine: Pick<CommandLine, 'getSwitchValue' | 'appendSwitch'>, name: string, value: string) {
  const given = commandLine.getSwitchValue(name);
  commandLine.appendSwitch(name, given === '' ? value : `${value},${given}`);
}

/** Without anything to draw with, Chromium loads what would do it in software, finds that it does not need it, and keeps it. */
export function switchesFor(exists: (path: string) => boolean): readonly string[] {
  return GRAPHICS.some(exists) ? [] : ['disable-gpu', 'disable-software-rasterizer'];
}
