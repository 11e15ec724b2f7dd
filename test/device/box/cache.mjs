// The artefact cache: a directory per thing built, named by what it was built from.
// Takes a recipe and a build function; gives a finished directory; never shows one half built.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** 48 bits of the recipe's hash: no collision among the few dozen recipes a checkout ever has. */
const HASH_CHARS = 12;

/** A superseded artefact is kept this long: two branches may take turns. */
const KEEP_UNUSED_MS = 14 * 24 * 3600 * 1000;

export function cacheRoot() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sonde-build', 'box');
}

/**
 * @typedef {object} Artefact
 * @property {string} name what it is, e.g. `kernel-6.1-x86_64`
 * @property {(string | Buffer)[]} recipe everything that decides the result: text, lists, sources
 * @property {(dir: string) => Promise<void>} build fills an empty directory
 * @property {(line: string) => void} log
 */

/**
 * Finds the artefact in the cache or builds it. Callers in other processes wait for the one that builds.
 * @param {Artefact} artefact
 * @returns {Promise<string>} its directory
 */
export async function artefact({ name, recipe, build, log }) {
  const id = `${name}-${hashOf(recipe)}`;
  const dir = join(cacheRoot(), id);
  if (existsSync(dir)) return used(dir);

  await mkdir(join(cacheRoot(), '.locks'), { recursive: true });
  const unlock = await lock(join(cacheRoot(), '.locks', id));
  try {
    if (existsSync(dir)) return used(dir);
    await sweepAbandoned();
    const started = Date.now();
    log(`${name}: building (once; later runs take it from the cache)`);
    const tmp = join(cacheRoot(), '.tmp', `${process.pid}.${randomBytes(3).toString('hex')}.${id}`);
    await mkdir(tmp, { recursive: true });
    try {
      await build(tmp);
      await rename(tmp, dir);
    } catch (cause) {
      await discard(tmp);
      throw new Error(`cannot build ${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
    await dropSuperseded(name, id);
    log(`${name}: built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return dir;
  } finally {
    unlock();
  }
}

/** @param {(string | Buffer)[]} recipe */
function hashOf(recipe) {
  const hash = createHash('sha256');
  // The length goes in front of each part, so that moving a byte between parts changes the hash.
  for (const part of recipe) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, HASH_CHARS);
}

/**
 * The lock is a file held by flock(1) in a child that reads our pipe: however this process ends, the pipe
 * closes, the child ends and the kernel drops the lock. So no lock is ever stale.
 * @param {string} file
 * @returns {Promise<() => void>}
 */
function lock(file) {
  return new Promise((resolve, reject) => {
    const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    holder.on('error', (cause) => reject(new Error(`cannot lock ${file}: ${cause.message}; install util-linux`)));
    holder.on('exit', (code) => reject(new Error(`cannot lock ${file}: flock ended with ${code}`)));
    holder.stdout.once('data', () => resolve(() => holder.stdin.end()));
  });
}

/**
 * Removes what it can: an ordinary user's failed build may hold files of its user namespace's other users.
 * @param {string} dir
 */
function discard(dir) {
  return rm(dir, { recursive: true, force: true }).catch(() => {});
}

/** Builds of dead processes leave their directory behind; its name begins with their pid. */
async function sweepAbandoned() {
  const root = join(cacheRoot(), '.tmp');
  for (const entry of await readdir(root).catch(() => /** @type {string[]} */ ([]))) {
    if (!existsSync(`/proc/${entry.split('.')[0]}`)) await discard(join(root, entry));
  }
}

/**
 * @param {string} name
 * @param {string} keep
 */
async function dropSuperseded(name, keep) {
  for (const entry of await readdir(cacheRoot())) {
    if (entry === keep || entry.slice(0, -HASH_CHARS - 1) !== name) continue;
    const dir = join(cacheRoot(), entry);
    if (Date.now() - (await stat(dir)).mtimeMs > KEEP_UNUSED_MS) await rm(dir, { recursive: true, force: true });
  }
}

/** @param {string} dir */
async function used(dir) {
  const now = new Date();
  await utimes(dir, now, now).catch(() => {}); // a cache owned by someone else is as good, it only ages
  return dir;
}
