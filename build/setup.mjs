/**
 * Everything a fresh machine lacks, in order: Debian packages, npm packages, the Electron runtime, the device's parts
 * (loader, Node runtimes, agent), the app itself and, for tests and the demo, the virtual edge box. Each part knows
 * by content whether it is there already, so the second time takes seconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensurePackages } from './apt.mjs';
import { ensureElectron, ELECTRON_APT_PACKAGES } from './electron-runtime.mjs';
import { ensureNative, NATIVE_APT_PACKAGES } from './native.mjs';
import { ensureNodeRuntime, NODE_RUNTIME_APT_PACKAGES } from './node-runtime.mjs';
import { step } from './steps.mjs';
import { BOX_APT_PACKAGES, ensureBox } from '../test/device/box/ensure.mjs';

const STAMP = 'node_modules/.sonde-lock';

/** npm ci, skipped when node_modules was made from this very lock file. */
export function ensureNodeModules(log) {
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  log('npm ci');
  // Scripts stay off: optional native add-ons cannot load in Electron, and Electron's own download comes later.
  const run = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`cannot install the npm packages:\n${run.stderr.trim().split('\n').slice(-8).join('\n')}`);
  writeFileSync(STAMP, lock);
}

/**
 * @param {{ box?: { variant?: string, kernel?: string }[], display?: boolean }} wants
 *   box: which virtual boxes must be ready (none = no box at all)
 */
export async function setup({ box = [] } = {}) {
  const packages = [
    ...ELECTRON_APT_PACKAGES,
    ...NATIVE_APT_PACKAGES,
    ...NODE_RUNTIME_APT_PACKAGES,
    ...(box.length ? BOX_APT_PACKAGES : []),
  ];
  await step('Debian packages', (log) => ensurePackages(packages, log));
  await step('npm packages', ensureNodeModules);
  await step('Electron runtime', (log) => ensureElectron({ log }));
  await step('loader for the device', (log) => ensureNative({ log, arches: ['x86_64', 'aarch64'] }));
  await step('Node runtimes for the device', (log) => ensureNodeRuntime({ log, arches: ['x86_64', 'aarch64'] }));
  await step('app, command line and agent', async (log) => (await import('./bundle.mjs')).bundle({ log }));
  for (const wanted of box)
    await step(`virtual edge box (${wanted.variant ?? 'plain'}, ${wanted.kernel ?? '6.1'})`, (log) =>
      ensureBox({ ...wanted, log }),
    );
}
