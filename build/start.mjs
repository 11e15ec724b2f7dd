/** `npm start [-- arguments]`: makes sure of everything that is needed, bundles, opens the window. `--dev`, `--xvfb`. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.dirname(import.meta.dirname);

function installModules() {
  if (existsSync(path.join(ROOT, 'node_modules/esbuild/package.json'))) return;
  console.log('installing node_modules (npm ci) …');
  const run = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: ROOT, stdio: 'inherit' });
  if (run.status !== 0) throw new Error('npm ci failed');
}

/** Resolves to the exit code. */
async function start(args) {
  installModules();
  // Only now: they import packages.
  const { ensureElectron } = await import('./electron-runtime.mjs');
  const { bundle } = await import('./bundle.mjs');
  const own = ['--dev', '--xvfb'];
  const [executable] = await Promise.all([
    ensureElectron(),
    bundle({ dev: args.includes('--dev'), log: () => undefined }),
  ]);
  const app = [ROOT, ...args.filter((arg) => !own.includes(arg))];
  // Chromium refuses its sandbox to root; everyone else keeps it.
  if (process.getuid?.() === 0) app.unshift('--no-sandbox');
  const [command, ...rest] = args.includes('--xvfb')
    ? ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24', executable, ...app]
    : [executable, ...app];
  const child = spawn(command, rest, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

process.exitCode = await start(process.argv.slice(2));
