// Takes: which box and how. Gives: a running one with ways to log in, cut its network and its power.
// Never: leaves a QEMU behind, whatever ends this process.

import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ACCOUNTS } from './accounts.mjs'
import { ensureBox } from './ensure.mjs'
import { forwardedPort, machineArgs, NIC_ID } from './machine.mjs'
import { startQemu } from './qemu-process.mjs'
import { qmp } from './qmp.mjs'
import { tail } from './run.mjs'
import { makeSsh, sshGreets } from './ssh.mjs'

/** An idle host needs 5 s, a busy one 13; a host that runs several builds may need a minute and more. */
const BOOT_TIMEOUT_MS = 180_000

/** Written to the serial console by guest/edge-init. */
const READY = /^SONDE-BOX-READY/m
const FAILED = /^SONDE-BOX-FAILED (.*)$/m

const CONSOLE_TAIL_LINES = 25
const RUN_DIR_PREFIX = 'sonde-box-'
const HOST = '127.0.0.1'

/**
 * @param {import('./boot.d.mts').BoxOptions} [options]
 * @returns {Promise<import('./boot.d.mts').Box>}
 */
export async function bootBox(options = {}) {
  const { memoryMb = 1024, icount = false, hideBtf = false, workload = false, extraKernelArgs = [] } = options
  const { cpus = icount ? 1 : 2, bootTimeoutMs = BOOT_TIMEOUT_MS, leaseMs } = options
  if (icount && cpus !== 1) throw new Error('cannot count instructions on several CPUs: use icount with cpus: 1')
  const image = await ensureBox(options)
  await sweepRunDirs()
  const dir = await mkdtemp(join(tmpdir(), RUN_DIR_PREFIX))
  const consoleFile = join(dir, 'console.log')
  const logFile = join(dir, 'qemu.log')
  const qmpSocket = join(dir, 'qmp.sock')
  const args = machineArgs({
    arch: image.arch,
    cpus,
    memoryMb,
    icount,
    threads: image.emulator.threads,
    kernel: image.kernel.image,
    initrd: image.kernel.initrd,
    modulesImage: image.kernel.modulesImage,
    rootImage: image.root.image,
    kernelArgs: [
      ...(hideBtf ? ['initcall_blacklist=btf_vmlinux_init'] : []),
      ...(workload ? ['sonde.workload=1'] : []),
      ...extraKernelArgs,
    ],
    consoleFile,
    qmpSocket,
  })
  const qemu = await startQemu(image.emulator, args, { logFile, tmpDir: dir })
  const stop = async () => {
    await qemu.kill()
    await rm(dir, { recursive: true, force: true })
  }

  try {
    await writeFile(join(dir, 'pid'), String(qemu.pid))
    const deadline = Date.now() + bootTimeoutMs
    await waitUntilReady({ qemu, consoleFile, deadline })
    const port = forwardedPort(String(await qmp(qmpSocket, 'human-monitor-command', { 'command-line': 'info usernet' })))
    while (!(await sshGreets(port, 10_000))) {
      if (Date.now() > deadline) throw new Error('sshd does not answer')
      await sleep(200)
    }

    const { keys } = image.root.userKeys
    const { hostKey, hostKeys, hostKeyFingerprint } = image.root
    const users = Object.fromEntries(
      ACCOUNTS.map(({ name, password }) => [name, { identityFile: keys.ed25519.identityFile, password }]),
    )
    const knownHosts = hostKeys.map((key) => `[${HOST}]:${port} ${key}\n`).join('')
    const ssh = await makeSsh({ host: HOST, port, dir, knownHosts, users })
    if (leaseMs !== undefined) setTimeout(() => void stop(), leaseMs).unref()
    return {
      host: HOST,
      port,
      users: /** @type {import('./boot.d.mts').Box['users']} */ (users),
      keys,
      hostKey,
      hostKeys,
      hostKeyFingerprint,
      kernelVersion: image.kernel.version,
      consoleFile,
      pid: qemu.pid,
      exited: qemu.exited,
      ssh,
      writeKnownHosts: (file) => writeFile(file, knownHosts),
      powerOff: () => qemu.kill(),
      setLink: async (up) => void (await qmp(qmpSocket, 'set_link', { name: NIC_ID, up })),
      stop,
    }
  } catch (cause) {
    const words = await lastWords(consoleFile, logFile)
    await stop()
    throw new Error(`cannot boot the virtual box: ${cause instanceof Error ? cause.message : cause}\n${words}`, { cause })
  }
}

/** @param {{ qemu: import('./qemu-process.mjs').QemuProcess, consoleFile: string, deadline: number }} wait */
async function waitUntilReady({ qemu, consoleFile, deadline }) {
  for (;;) {
    const text = existsSync(consoleFile) ? await readFile(consoleFile, 'utf8') : ''
    if (READY.test(text)) return
    const failure = FAILED.exec(text)
    if (failure) throw new Error(`the guest could not start: ${failure[1]?.trim()}`)
    if (!qemu.isRunning()) throw new Error(`QEMU ${await qemu.exited}`)
    if (Date.now() > deadline) throw new Error('it was not ready in time; is this computer very busy?')
    await sleep(50)
  }
}

/**
 * @param {string} consoleFile
 * @param {string} logFile
 */
async function lastWords(consoleFile, logFile) {
  const read = (/** @type {string} */ file) => readFile(file, 'utf8').catch(() => '')
  const [console, log] = [await read(consoleFile), await read(logFile)]
  return `console: ${tail(console, CONSOLE_TAIL_LINES) || 'empty'}\nqemu: ${tail(log, CONSOLE_TAIL_LINES) || 'silent'}`
}

/** A killed process leaves its run directory; QEMU's pid in it tells that nobody uses it any more. */
async function sweepRunDirs() {
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(RUN_DIR_PREFIX)) continue
    const dir = join(tmpdir(), entry)
    const pid = await readFile(join(dir, 'pid'), 'utf8').catch(() => '')
    if (pid !== '' && !existsSync(`/proc/${pid}`)) await rm(dir, { recursive: true, force: true }).catch(() => {})
  }
}
