// One verb: QEMU is started and watched until the guest's sshd answers.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { forwardedPort, machineArgs } from './machine.mjs';
import { startQemu } from './qemu-process.mjs';
import { qmp } from './qmp.mjs';
import { makeRunDir } from './run-dir.mjs';
import { sshGreets } from './ssh.mjs';

/** Written to the serial console by guest/edge-init. */
const READY = /^SONDE-BOX-READY/m;
const FAILED = /^SONDE-BOX-FAILED (.*)$/m;

/**
 * QEMU 10.0.2 can abort while the guest sets up PCI on parallel CPUs (a table freed too early; later versions have
 * it fixed). That is before the guest has done anything, so it is simply started again.
 */
const STARTS = 4;
const QEMU_ABORT = /killed by SIG(ABRT|SEGV)/;

/**
 * @typedef {object} Machine
 * @property {import('./qemu-process.mjs').QemuProcess} qemu
 * @property {import('./run-dir.mjs').RunDir} runDir
 * @property {number} port the guest's sshd, on 127.0.0.1
 */

/**
 * @param {import('./ensure.d.mts').BoxImage} image
 * @param {{ cpus: number, memoryMb: number, icount: boolean, kernelArgs: string[], timeoutMs: number, log: (line: string) => void }} options
 * @returns {Promise<Machine>}
 */
export async function startMachine(image, options) {
  for (let left = STARTS - 1; ; left--) {
    try {
      return await startOnce(image, options);
    } catch (error) {
      if (left === 0 || !(error instanceof Error && QEMU_ABORT.test(error.message))) throw error;
      options.log('QEMU aborted during the boot, starting it again');
    }
  }
}

/**
 * @param {import('./ensure.d.mts').BoxImage} image
 * @param {{ cpus: number, memoryMb: number, icount: boolean, kernelArgs: string[], timeoutMs: number }} options
 * @returns {Promise<Machine>}
 */
async function startOnce({ arch, emulator, kernel, root }, { timeoutMs, ...options }) {
  const runDir = await makeRunDir();
  const args = machineArgs({
    ...options,
    arch,
    threads: emulator.threads,
    kernel: kernel.image,
    initrd: kernel.initrd,
    modulesImage: kernel.modulesImage,
    rootImage: root.image,
    consoleFile: runDir.consoleFile,
    qmpSocket: runDir.qmpSocket,
  });
  const qemu = await startQemu(emulator, args, { logFile: runDir.logFile, tmpDir: runDir.dir });
  try {
    await runDir.claim(qemu.pid);
    const deadline = Date.now() + timeoutMs;
    await guestIsReady(qemu, runDir.consoleFile, deadline);
    const port = forwardedPort(
      String(await qmp(runDir.qmpSocket, 'human-monitor-command', { 'command-line': 'info usernet' })),
    );
    while (!(await sshGreets(port, 10_000))) {
      if (Date.now() > deadline) throw new Error('sshd does not answer');
      await sleep(200);
    }
    return { qemu, runDir, port };
  } catch (cause) {
    await qemu.kill();
    const words = await runDir.lastWords();
    await runDir.remove();
    const why = cause instanceof Error ? cause.message : cause;
    throw new Error(`cannot boot the virtual box: ${why}\n${words}`, { cause });
  }
}

/**
 * @param {import('./qemu-process.mjs').QemuProcess} qemu
 * @param {string} consoleFile
 * @param {number} deadline
 */
async function guestIsReady(qemu, consoleFile, deadline) {
  for (;;) {
    const text = existsSync(consoleFile) ? await readFile(consoleFile, 'utf8') : '';
    if (READY.test(text)) return;
    const failure = FAILED.exec(text);
    if (failure) throw new Error(`the guest could not start: ${failure[1]?.trim()}`);
    if (!qemu.isRunning()) throw new Error(`QEMU ${await qemu.exited}`);
    if (Date.now() > deadline) throw new Error('it was not ready in time; is this computer very busy?');
    await sleep(50);
  }
}
