// A root image: a small Debian with sshd, three accounts, and the known-truth workload. One artefact per variant.
//
//   root.ext4   the disk, never written to (boots use a throw-away overlay)
//   ssh_host_*  its host keys

import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artefact, cacheRoot } from './cache.mjs';
import { ensureUserKeys, makeHostKeys, readHostKeys } from './keys.mjs';
import { run } from './run.mjs';
import { sources } from './sources.mjs';
import { ensureHeaders, ensureSystem } from './system.mjs';
import { buildWorkload } from './workload.mjs';

/** Room on the disk for recordings, an agent and its spool. */
const SPARE_MB = 256;

/** Everything of ours that ends up in the image or decides how. */
const SOURCES = ['pack-root.mjs', 'accounts.mjs', 'ext4.mjs', 'workload.mjs', 'guest/', '../workload/'];

/**
 * @typedef {object} RootImage
 * @property {string} dir
 * @property {string} image
 * @property {import('./keys.mjs').UserKeys} userKeys
 * @property {string[]} hostKeys
 * @property {string} hostKey
 * @property {string} hostKeyFingerprint
 */

/**
 * @typedef {import('./ensure.d.mts').Arch} Arch
 * @param {{ variant: string, arch: Arch, kernelVersion: string, log: (line: string) => void }} options
 * @returns {Promise<RootImage>}
 */
export async function ensureRoot({ variant, arch, kernelVersion, log }) {
  const userKeys = await ensureUserKeys(log);
  const system = await ensureSystem({ variant, arch, log });
  const overlay = variant === 'peers' ? await ensureHeaders({ version: kernelVersion, arch, log }) : '';
  const dir = await artefact({
    name: `root-${variant}-${arch}`,
    recipe: [id(system.tar), id(overlay), String(SPARE_MB), userKeys.authorizedKeys, ...(await sources(...SOURCES))],
    log,
    build: (tmp) => buildRoot(tmp, { system, overlay, arch, authorizedKeys: userKeys.authorizedKeys }),
  });
  return { dir, image: join(dir, 'root.ext4'), userKeys, ...(await readHostKeys(dir)) };
}

/**
 * What an artefact was built from, without where the cache happens to be.
 * @param {string} path of an artefact or of a file in one; '' stays ''
 */
const id = (path) => (path === '' ? '' : relative(cacheRoot(), path));

/**
 * @param {string} dir
 * @param {{ system: import('./system.mjs').System, overlay: string, arch: Arch, authorizedKeys: string }} parts
 */
async function buildRoot(dir, { system, overlay, arch, authorizedKeys }) {
  await mkdir(join(dir, 'work'));
  await makeHostKeys(dir);
  await buildWorkload(join(dir, 'work/workload'), arch);
  await writeFile(join(dir, 'work/authorized_keys'), authorizedKeys);
  const packRoot = fileURLToPath(new URL('pack-root.mjs', import.meta.url));
  await asRoot(packRoot, [dir, system.tar, system.configuredBy, overlay, String(SPARE_MB)]);
}

/**
 * Runs one of our scripts as root: directly, or in a user namespace where an ordinary user is one.
 * @param {string} script
 * @param {string[]} args
 */
async function asRoot(script, args) {
  if (process.getuid?.() === 0) return run(process.execPath, [script, ...args]);
  return run('unshare', ['--map-root-user', '--map-auto', '--', process.execPath, script, ...args]);
}
