// A kernel: a stock Debian one, as QEMU boots it. One artefact per version, fetched when first asked for.
//
//   vmlinuz      as Debian ships it          initrd       busybox, the disk's modules, an init
//   vmlinux      unpacked, boots quicker     modules.ext4 all its modules, the guest's /lib/modules
//   version      what `uname -r` will say

import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artefact } from './cache.mjs';
import { BASE_SUITE, DEBIAN_ARCH, openPrivateApt } from './debian.mjs';
import { makeExt4 } from './ext4.mjs';
import { initramfs } from './initramfs.mjs';
import { run } from './run.mjs';
import { sources } from './sources.mjs';
import { extractVmlinux } from './vmlinux.mjs';

/** Kernel line → the Debian suite that ships it. */
export const KERNELS = { '5.10': 'bullseye', 6.1: 'bookworm', 6.12: 'trixie' };

/** Hardware a virtual box does not have: 4/5 of the bytes of /lib/modules. */
const DROPPED_DRIVERS =
  'gpu hwmon iio infiniband input media mtd net/ethernet net/wireless platform scsi staging usb'.split(' ');
const DROPPED_MODULES = [
  ...DROPPED_DRIVERS.map((name) => `drivers/${name}`),
  'fs/btrfs',
  'fs/ceph',
  'fs/ocfs2',
  'fs/xfs',
  'sound',
];

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
  const suite = KERNELS[/** @type {keyof typeof KERNELS} */ (kernel)];
  if (!suite) throw new Error(`cannot get kernel ${kernel}: the box has ${Object.keys(KERNELS).join(', ')}`);
  const init = await readFile(new URL('guest/initramfs-init', import.meta.url));
  const dir = await artefact({
    name: `kernel-${kernel}-${arch}`,
    recipe: [
      arch,
      ...(await sources('kernel.mjs', 'initramfs.mjs', 'cpio.mjs', 'ext4.mjs', 'vmlinux.mjs', 'guest/initramfs-init')),
    ],
    log,
    build: (tmp) => buildKernel(tmp, suite, arch, init),
  });
  const vmlinux = join(dir, 'vmlinux');
  return {
    dir,
    image: existsSync(vmlinux) ? vmlinux : join(dir, 'vmlinuz'),
    initrd: join(dir, 'initrd'),
    modulesImage: join(dir, 'modules.ext4'),
    version: (await readFile(join(dir, 'version'), 'utf8')).trim(),
  };
}

/**
 * @param {string} dir
 * @param {string} suite
 * @param {'x86_64' | 'arm64'} arch
 * @param {Buffer} init
 */
async function buildKernel(dir, suite, arch, init) {
  const tree = join(dir, 'tree');
  await fetchKernel(tree, suite, arch);
  // Newer Debian packages put modules below /usr; both spellings are one place on an installed system.
  const base = existsSync(join(tree, 'lib/modules')) ? tree : join(tree, 'usr');
  const modules = join(base, 'lib/modules');
  const version = (await readdir(modules))[0];
  if (!version) throw new Error(`the kernel package of ${suite} holds no modules`);
  for (const dropped of DROPPED_MODULES)
    await rm(join(modules, version, 'kernel', dropped), { recursive: true, force: true });
  await run('depmod', ['-b', base, version]);
  // Where compilers on the box look for headers; they lead nowhere on variants without, as on a plain Debian.
  await symlink(`/usr/src/linux-headers-${version}`, join(modules, version, 'build'));
  await symlink(
    `/usr/src/linux-headers-${version.replace(/-cloud-\w+$/, '')}-common`,
    join(modules, version, 'source'),
  );

  await copyFile(join(tree, 'boot', `vmlinuz-${version}`), join(dir, 'vmlinuz'));
  await copyFile(join(tree, 'boot', `config-${version}`), join(dir, 'config'));
  await writeFile(join(dir, 'version'), `${version}\n`);
  if (arch === 'x86_64') {
    const vmlinux = extractVmlinux(await readFile(join(dir, 'vmlinuz')));
    if (vmlinux) await writeFile(join(dir, 'vmlinux'), vmlinux);
  }
  await writeFile(join(dir, 'initrd'), await initramfs(join(tree, 'bin/busybox'), join(modules, version), init));
  await makeExt4(modules, join(dir, 'modules.ext4'), { spareMb: 4 });
  await rm(tree, { recursive: true });
}

/**
 * @param {string} tree
 * @param {string} suite
 * @param {'x86_64' | 'arm64'} arch
 */
async function fetchKernel(tree, suite, arch) {
  const apt = await openPrivateApt({ suites: [suite], arch });
  try {
    const meta = `linux-image-cloud-${DEBIAN_ARCH[arch]}`;
    const image = (await apt.dependsOn(meta)).find((name) => name.startsWith('linux-image-'));
    if (!image) throw new Error(`${meta} of ${suite} names no kernel package`);
    await apt.unpack([image], tree);
  } finally {
    await apt.close();
  }
  // One busybox for every kernel: the base suite's.
  const base = await openPrivateApt({ suites: [BASE_SUITE], arch });
  try {
    await base.unpack(['busybox-static'], tree);
  } finally {
    await base.close();
  }
}
