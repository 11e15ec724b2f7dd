// The directory of one running box: console, logs, control socket, disk overlay. Gone when the box is.

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tail } from './run.mjs';

const PREFIX = 'sonde-box-';

const TAIL_LINES = 25;

/**
 * @typedef {object} RunDir
 * @property {string} dir
 * @property {string} consoleFile
 * @property {string} logFile QEMU's own words
 * @property {string} qmpSocket
 * @property {(pid: number) => Promise<void>} claim tells whose it is
 * @property {() => Promise<string>} lastWords of console and QEMU, for an error
 * @property {() => Promise<void>} remove
 */

/** @returns {Promise<RunDir>} */
export async function makeRunDir() {
  await sweep();
  const dir = await mkdtemp(join(tmpdir(), PREFIX));
  const consoleFile = join(dir, 'console.log');
  const logFile = join(dir, 'qemu.log');
  const read = (/** @type {string} */ file) => readFile(file, 'utf8').catch(() => '');
  return {
    dir,
    consoleFile,
    logFile,
    qmpSocket: join(dir, 'qmp.sock'),
    claim: (pid) => writeFile(join(dir, 'pid'), String(pid)),
    async lastWords() {
      const [console, log] = [await read(consoleFile), await read(logFile)];
      return `console: ${tail(console, TAIL_LINES) || 'empty'}\nqemu: ${tail(log, TAIL_LINES) || 'silent'}`;
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** A killed process leaves its run directory; QEMU's pid in it tells that nobody uses it any more. */
async function sweep() {
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(PREFIX)) continue;
    const dir = join(tmpdir(), entry);
    const pid = await readFile(join(dir, 'pid'), 'utf8').catch(() => '');
    // Another process may sweep at the same time; what it took first is not our failure.
    if (pid !== '' && !existsSync(`/proc/${pid}`)) await rm(dir, { recursive: true, force: true }).catch(() => {});
  }
}
