/**
 * `npm start [-- arguments]`: makes sure of everything that is needed, then opens the window.
 *   --dev     readable code, source maps, reload and developer tools in the menu
 *   --xvfb    on a virtual display
 *   the rest goes to the application: a recording to open, or --connect=[user@]host[:port]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openDisplay } from './display.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { ensureNodeModules, setup } from './setup.mjs';
import { fail } from './steps.mjs';

const ROOT = path.dirname(import.meta.dirname);
const OWN = ['--dev', '--xvfb'];

/** What goes to devices is built with Debian's tools; elsewhere the window opens, and replays, without it. */
async function prepare(dev) {
  const hasApt = existsSync('/usr/bin/apt-get');
  if (hasApt) await setup();
  else ensureNodeModules(console.log);
  const executable = await ensureElectron();
  const { bundle } = await import('./bundle.mjs');
  if (dev || !hasApt) await bundle({ dev });
  return executable;
}

/** Resolves to the exit code. */
async function start(args) {
  process.chdir(ROOT);
  const executable = await prepare(args.includes('--dev'));
  if (args.includes('--xvfb')) delete process.env.DISPLAY;
  const display = args.includes('--xvfb') ? await openDisplay() : null;
  // Chromium refuses its sandbox to root; everyone else keeps it.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const env = display ? { ...process.env, DISPLAY: display.name } : process.env;
  const child = spawn(executable, [...sandbox, ROOT, ...args.filter((arg) => !OWN.includes(arg))], {
    stdio: 'inherit',
    env,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    display?.close();
  }
}

start(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, fail);
