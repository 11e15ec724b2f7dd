// A kernel: a stock Debian one, as QEMU boots it. One artefact per version, fetched when first asked for.
//
//   vmlinuz      as Debian ships it          initrd       busybox, the disk's modules, an init
//   vmlinux      unpacked, boots quicker     modules.ext4 all its modules, the guest's /lib/modules
//   version      what `uname -r` will say

import { existsSync } from 'node:fs'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { artefact } from './cache.mjs'
import { cpioArchive } from './cpio.mjs'
import { BASE_SUITE, DEBIAN_ARCH, openPrivateApt } from './debian.mjs'
import { makeExt4 } from './ext4.mjs'
import { run } from './run.mjs'
import { sources } from './sources.mjs'
import { extractVmlinux } from './vmlinux.mjs'

/** Kernel line → the Debian suite that ships it. */
export const KERNELS = { '5.10': 'bullseye', '6.1': 'bookworm', '6.12': 'trixie' }

/** What the initramfs needs to mount a virtio ext4 disk; those built into a kernel are skipped. The network comes along: it saves the guest a modprobe. */
const BOOT_MODULES = ['virtio_pci', 'virtio_mmio', 'virtio_blk', 'virtio_net', 'virtio_rng', 'crc32c_generic', 'crc32c_intel', 'ext4']

/** Hardware a virtual box does not have: 4/5 of the bytes of /lib/modules. */
const DROPPED_MODULES = [
  ...['gpu', 'hwmon', 'iio', 'infiniband', 'input', 'media', 'mtd', 'net/ethernet', 'net/wireless'],
  ...['platform', 'scsi', 'staging', 'usb'],
].map((dir) => `drivers/${dir}`)
DROPPED_MODULES.push('fs/btrfs', 'fs/ceph', 'fs/ocfs2', 'fs/xfs', 'sound')

/**
 * @typedef {object} Kernel
 * @property {string} dir
 * @property {string} image what to hand to QEMU's -kernel
 * @property {string} initrd
 * @property {string} modulesImage
 * @property {string} version
 */

/**
 * @param {{ kernel: string, arch: 'x86_64' | 'arm64', log: (line: string) => void }} options
 * @returns {Promise<Kernel>}
 */
export async function ensureKernel({ kernel, arch, log }) {
  const suite = KERNELS[/** @type {keyof typeof KERNELS} */ (kernel)]
  if (!suite) throw new Error(`cannot get kernel ${kernel}: the box has ${Object.keys(KERNELS).join(', ')}`)
  const init = await readFile(new URL('guest/initramfs-init', import.meta.url))
  const dir = await artefact({
    name: `kernel-${kernel}-${arch}`,
    recipe: [arch, ...(await sources('kernel.mjs', 'cpio.mjs', 'ext4.mjs', 'vmlinux.mjs', 'guest/initramfs-init'))],
    log,
    build: (tmp) => buildKernel(tmp, suite, arch, init),
  })
  const vmlinux = join(dir, 'vmlinux')
  return {
    dir,
    image: existsSync(vmlinux) ? vmlinux : join(dir, 'vmlinuz'),
    initrd: join(dir, 'initrd'),
    modulesImage: join(dir, 'modules.ext4'),
    version: (await readFile(join(dir, 'version'), 'utf8')).trim(),
  }
}

/**
 * @param {string} dir
 * @param {string} suite
 * @param {'x86_64' | 'arm64'} arch
 * @param {Buffer} init
 */
async function buildKernel(dir, suite, arch, init) {
  const tree = join(dir, 'tree')
  await fetchKernel(tree, suite, arch)
  // Newer Debian packages put modules below /usr; both spellings are one place on an installed system.
  const base = existsSync(join(tree, 'lib/modules')) ? tree : join(tree, 'usr')
  const modules = join(base, 'lib/modules')
  const version = (await readdir(modules))[0]
  if (!version) throw new Error(`the kernel package of ${suite} holds no modules`)
  for (const dropped of DROPPED_MODULES) await rm(join(modules, version, 'kernel', dropped), { recursive: true, force: true })
  await run('depmod', ['-b', base, version])

  await copyFile(join(tree, 'boot', `vmlinuz-${version}`), join(dir, 'vmlinuz'))
  await copyFile(join(tree, 'boot', `config-${version}`), join(dir, 'config'))
  await writeFile(join(dir, 'version'), `${version}\n`)
  if (arch === 'x86_64') {
    const vmlinux = extractVmlinux(await readFile(join(dir, 'vmlinuz')))
    if (vmlinux) await writeFile(join(dir, 'vmlinux'), vmlinux)
  }
  await writeFile(join(dir, 'initrd'), await initramfs(tree, join(modules, version), init))
  await makeExt4(modules, join(dir, 'modules.ext4'), { spareMb: 4 })
  await rm(tree, { recursive: true })
}

/**
 * @param {string} tree
 * @param {string} suite
 * @param {'x86_64' | 'arm64'} arch
 */
async function fetchKernel(tree, suite, arch) {
  const apt = await openPrivateApt({ suites: [suite], arch })
  try {
    const meta = `linux-image-cloud-${DEBIAN_ARCH[arch]}`
    const image = (await apt.dependsOn(meta)).find((name) => name.startsWith('linux-image-'))
    if (!image) throw new Error(`${meta} of ${suite} names no kernel package`)
    await apt.unpack([image], tree)
  } finally {
    await apt.close()
  }
  // One busybox for every kernel: the base suite's.
  const base = await openPrivateApt({ suites: [BASE_SUITE], arch })
  try {
    await base.unpack(['busybox-static'], tree)
  } finally {
    await base.close()
  }
}

/**
 * @param {string} tree
 * @param {string} modules
 * @param {Buffer} init
 */
async function initramfs(tree, modules, init) {
  const order = await loadOrder(modules)
  const entries = ['bin', 'dev', 'modules', 'proc', 'root', 'sys'].map((name) => ({ name, mode: 0o755 }))
  /** @type {import('./cpio.mjs').Entry[]} */
  const files = [
    { name: 'init', mode: 0o755, data: init },
    { name: 'bin/busybox', mode: 0o755, data: await readFile(join(tree, 'bin/busybox')) },
    { name: 'modules/order', mode: 0o644, data: Buffer.from(order.map((path) => `${plainName(path)}\n`).join('')) },
  ]
  for (const path of order) {
    files.push({ name: `modules/${plainName(path)}`, mode: 0o644, data: await unpackModule(join(modules, path)) })
  }
  // Level 1: the guest unpacks it under emulation, so speed counts for more than size.
  return gzipSync(cpioArchive([...entries, ...files]), { level: 1 })
}

/**
 * The boot modules' files, each after those it depends on, from depmod's list ("file: dependency dependency …").
 * @param {string} modules
 */
async function loadOrder(modules) {
  /** @type {Map<string, { path: string, needs: string[] }>} */
  const known = new Map()
  for (const line of (await readFile(join(modules, 'modules.dep'), 'utf8')).split('\n')) {
    const [path, needs] = line.split(':')
    if (path) known.set(moduleName(path), { path, needs: needs?.trim().split(' ').filter(Boolean) ?? [] })
  }
  /** @type {string[]} */
  const order = []
  /** @param {string} name */
  const add = (name) => {
    const module = known.get(name)
    if (!module || order.includes(module.path)) return
    for (const need of module.needs) add(moduleName(need))
    order.push(module.path)
  }
  for (const name of BOOT_MODULES) add(name)
  return order
}

/** @param {string} path */
const plainName = (path) => basename(path).replace(/\.(xz|zst)$/, '')

/** @param {string} path */
const moduleName = (path) => plainName(path).replace(/\.ko$/, '').replaceAll('-', '_')

/** @param {string} file */
async function unpackModule(file) {
  if (file.endsWith('.xz')) return (await run('xz', ['-dc', file])).stdout
  if (file.endsWith('.zst')) return (await run('zstd', ['-dc', file])).stdout
  return readFile(file)
}
