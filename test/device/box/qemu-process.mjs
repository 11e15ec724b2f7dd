// One running QEMU, and the promise that none outlives us.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOOL_PATH } from './run.mjs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// Ordinary ends. A process that dies by a signal never gets here: see pdeathsig below.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * @typedef {object} QemuProcess
 * @property {number} pid
 * @property {Promise<string>} exited resolves with how it ended
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} kill at once, without asking the guest; resolves when it is gone
 */

/**
 * @param {import('./emulator.mjs').Emulator} emulator
 * @param {string[]} args
 * @param {{ logFile: string, tmpDir: string }} options tmpDir: where the throw-away disk overlay goes
 * @returns {Promise<QemuProcess>}
 */
export async function startQemu(emulator, args, { logFile, tmpDir }) {
  if (!existsSync(emulator.binary)) throw new Error(`cannot start the virtual box: ${emulator.binary} is gone`);
  const log = await open(logFile, 'w');
  try {
    // The kernel kills QEMU the moment the thread that started it is gone, however it went: SIGKILL included.
    // A session of its own: Ctrl-C reaches us first, and we stop the box in order.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', emulator.binary, ...emulator.args, ...args], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ...emulator.env, TMPDIR: tmpDir, PATH: TOOL_PATH },
    });
    /** @type {Promise<string>} */
    const exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `ended with code ${code}`));
    });
    running.add(child);
    void exited.then(() => running.delete(child));
    child.unref(); // a forgotten box must not keep a script alive; the exit hook above then stops it
    const isRunning = () => running.has(child);
    return {
      pid: child.pid ?? 0,
      exited,
      isRunning,
      async kill() {
        child.ref();
        child.kill('SIGKILL');
        await exited;
        while (isRunning()) await sleep(1);
      },
    };
  } finally {
    await log.close();
  }
}
