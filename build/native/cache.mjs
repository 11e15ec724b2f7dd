/**
 * Folders named by what went into them. A folder that exists is whole: it is filled under another name and renamed.
 * Two builds at once do the work once: the second waits for the first's lock.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 250;
/** A lock folder without an owner inside is one whose maker died between two system calls. */
const OWNERLESS_MS = 10_000;

export function cacheFolder(name) {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'sonde-build', 'native', name);
}

/** Path of the folder `name`, filled by `fill(folder)` where it did not exist. */
export async function cached(name, log, fill) {
  const folder = cacheFolder(name);
  if (existsSync(folder)) return folder;
  const unlock = await lock(`${folder}.lock`, log);
  try {
    if (existsSync(folder)) return folder;
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    await fill(part);
    renameSync(part, folder);
    return folder;
  } finally {
    unlock();
  }
}

/** Resolves to what opens it. mkdir is atomic everywhere; the owner's pid inside tells a lock from one left by a killed build. */
export async function lock(folder, log) {
  mkdirSync(join(folder, '..'), { recursive: true });
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'pid'), String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale(folder)) {
      rmSync(folder, { recursive: true, force: true });
    } else {
      if (!told) log(`waiting for another build: ${folder}`);
      told = true;
      await sleep(POLL_MS);
    }
  }
}

function isStale(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    if (pid > 0) {
      process.kill(pid, 0);
      return false;
    }
  } catch (error) {
    if (error.code === 'ESRCH') return true;
    if (error.code === 'EPERM') return false;
  }
  try {
    return Date.now() - statSync(folder).mtimeMs > OWNERLESS_MS;
  } catch {
    return false; // gone meanwhile: the next mkdir decides
  }
}
