// Takes: which box and how. Gives: a running one with ways to log in, cut its network and its power.
// Never: leaves a QEMU behind, whatever ends this process.

import { writeFile } from 'node:fs/promises';
import { ACCOUNTS } from './accounts.mjs';
import { ensureBox } from './ensure.mjs';
import { NIC_ID } from './machine.mjs';
import { qmp } from './qmp.mjs';
import { makeSsh } from './ssh.mjs';
import { startMachine } from './start-machine.mjs';

/** An idle host needs 3–5 s, a busy one 13; one that runs several builds at once may need a minute and more. */
const BOOT_TIMEOUT_MS = 180_000;

const HOST = '127.0.0.1';

/**
 * @param {import('./boot.d.mts').BoxOptions} [options]
 * @returns {Promise<import('./boot.d.mts').Box>}
 */
export async function bootBox(options = {}) {
  const { memoryMb = 1024, icount = false, hideBtf = false, workload = false, extraKernelArgs = [] } = options;
  const { cpus = icount ? 1 : 2, bootTimeoutMs = BOOT_TIMEOUT_MS, leaseMs, log = () => {} } = options;
  if (icount && cpus !== 1) throw new Error('cannot count instructions on several CPUs: use icount with cpus: 1');
  const image = await ensureBox(options);
  const kernelArgs = [...extraKernelArgs];
  if (hideBtf) kernelArgs.push('initcall_blacklist=btf_vmlinux_init');
  if (workload) kernelArgs.push('sonde.workload=1');
  const machine = await startMachine(image, { cpus, memoryMb, icount, kernelArgs, timeoutMs: bootTimeoutMs, log });
  const box = await handleOf(machine, image);
  if (leaseMs !== undefined) setTimeout(() => void box.stop(), leaseMs).unref();
  return box;
}

/**
 * @param {import('./start-machine.mjs').Machine} machine
 * @param {import('./ensure.d.mts').BoxImage} image
 * @returns {Promise<import('./boot.d.mts').Box>}
 */
async function handleOf({ qemu, runDir, port }, { kernel, root }) {
  const { keys } = root.userKeys;
  const users = /** @type {import('./boot.d.mts').Box['users']} */ (
    Object.fromEntries(
      ACCOUNTS.map(({ name, password }) => [
        name,
        { identityFile: keys.ed25519.identityFile, ...(password && { password }) },
      ]),
    )
  );
  const knownHosts = root.hostKeys.map((key) => `[${HOST}]:${port} ${key}\n`).join('');
  return {
    host: HOST,
    port,
    users,
    keys,
    hostKey: root.hostKey,
    hostKeys: root.hostKeys,
    hostKeyFingerprint: root.hostKeyFingerprint,
    kernelVersion: kernel.version,
    consoleFile: runDir.consoleFile,
    pid: qemu.pid,
    exited: qemu.exited,
    ssh: await makeSsh({ host: HOST, port, dir: runDir.dir, knownHosts, users }),
    writeKnownHosts: (file) => writeFile(file, knownHosts),
    powerOff: () => qemu.kill(),
    setLink: async (up) => void (await qmp(runDir.qmpSocket, 'set_link', { name: NIC_ID, up })),
    async stop() {
      await qemu.kill();
      await runDir.remove();
    },
  };
}
