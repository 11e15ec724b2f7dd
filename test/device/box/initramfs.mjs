// The first file system of a boot: busybox, an init, and the modules that reach the disk, in loading order.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cpioArchive } from './cpio.mjs';
import { run } from './run.mjs';

/** What the initramfs needs to mount a virtio ext4 disk; those built into a kernel are skipped. The network comes along: it saves the guest a modprobe. */
const BOOT_MODULES = [
  'virtio_pci',
  'virtio_mmio',
  'virtio_blk',
  'virtio_net',
  'virtio_rng',
  'crc32c_generic',
  'crc32c_intel',
  'ext4',
];

/**
 * @param {string} busybox file
 * @param {string} modules directory with depmod's lists
 * @param {Buffer} init
 * @returns {Promise<Buffer>}
 */
export async function initramfs(busybox, modules, init) {
  const order = await loadOrder(modules);
  const entries = ['bin', 'dev', 'modules', 'proc', 'root', 'sys'].map((name) => ({ name, mode: 0o755 }));
  /** @type {import('./cpio.mjs').Entry[]} */
  const files = [
    { name: 'init', mode: 0o755, data: init },
    { name: 'bin/busybox', mode: 0o755, data: await readFile(busybox) },
    { name: 'modules/order', mode: 0o644, data: Buffer.from(order.map((path) => `${plainName(path)}\n`).join('')) },
  ];
  for (const path of order) {
    files.push({ name: `modules/${plainName(path)}`, mode: 0o644, data: await unpackModule(join(modules, path)) });
  }
  // Level 1: the guest unpacks it under emulation, so speed counts for more than size.
  return gzipSync(cpioArchive([...entries, ...files]), { level: 1 });
}

/**
 * The boot modules' files, each after those it depends on, from depmod's list ("file: dependency dependency …").
 * @param {string} modules
 */
async function loadOrder(modules) {
  /** @type {Map<string, { path: string, needs: string[] }>} */
  const known = new Map();
  for (const line of (await readFile(join(modules, 'modules.dep'), 'utf8')).split('\n')) {
    const [path, needs] = line.split(':');
    if (path) known.set(moduleName(path), { path, needs: needs?.trim().split(' ').filter(Boolean) ?? [] });
  }
  /** @type {string[]} */
  const order = [];
  /** @param {string} name */
  const add = (name) => {
    const module = known.get(name);
    if (!module || order.includes(module.path)) return;
    for (const need of module.needs) add(moduleName(need));
    order.push(module.path);
  };
  for (const name of BOOT_MODULES) add(name);
  return order;
}

/** @param {string} path */
const plainName = (path) => basename(path).replace(/\.(xz|zst)$/, '');

/** @param {string} path */
const moduleName = (path) => plainName(path).replace(/\.ko$/, '').replaceAll('-', '_');

/** @param {string} file */
async function unpackModule(file) {
  if (file.endsWith('.xz')) return (await run('xz', ['-dc', file])).stdout;
  if (file.endsWith('.zst')) return (await run('zstd', ['-dc', file])).stdout;
  return readFile(file);
}
