// The emulator: QEMU, unpacked beside the images. Not installed, so the host's own QEMU stays as it is.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artefact } from './cache.mjs';
import { BASE_SUITE, openPrivateApt } from './debian.mjs';
import { run } from './run.mjs';
import { sources } from './sources.mjs';

/** QEMU 10 is in backports. Debian 12's own 7.2 locks the guest up when kprobes come and go on two parallel CPUs. */
const QEMU_SUITES = [BASE_SUITE, `${BASE_SUITE}-backports`];

const PACKAGES = { x86_64: 'qemu-system-x86', arm64: 'qemu-system-arm' };
const BINARY = { x86_64: 'qemu-system-x86_64', arm64: 'qemu-system-aarch64' };

/** Packages that must come out of the download even where the host has them. */
const OWN_PACKAGES = /^(qemu|seabios|ipxe)/;

/**
 * @typedef {object} Emulator
 * @property {string} binary
 * @property {string[]} args where it finds its firmware
 * @property {Record<string, string>} env where it finds its libraries
 * @property {'multi' | 'single'} threads whether guest CPUs may run in parallel
 * @property {string} version
 */

/**
 * @param {{ arch: 'x86_64' | 'arm64', log: (line: string) => void }} options
 * @returns {Promise<Emulator>}
 */
export async function ensureEmulator({ arch, log }) {
  const dir = await artefact({
    name: `qemu-${arch}`,
    recipe: await sources('emulator.mjs'),
    log,
    build: (tmp) => unpackQemu(tmp, arch, log),
  });
  const emulator = describe(dir, arch);
  const version = (await readFile(join(dir, 'version'), 'utf8')).trim();
  const major = Number.parseInt(version, 10);
  return { ...emulator, version, threads: major >= 10 ? 'multi' : 'single' };
}

/**
 * @param {string} dir
 * @param {'x86_64' | 'arm64'} arch
 */
function describe(dir, arch) {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const lib = join(dir, 'usr/lib', triplet);
  return {
    binary: join(dir, 'usr/bin', BINARY[arch]),
    args: ['-L', join(dir, 'usr/share/qemu'), '-L', join(dir, 'usr/share/seabios')],
    // Some packages still ship their library in /lib, which is apart from /usr/lib in an unpacked tree.
    env: { LD_LIBRARY_PATH: `${lib}:${join(dir, 'lib', triplet)}`, QEMU_MODULE_DIR: join(lib, 'qemu') },
  };
}

/**
 * @param {string} dir
 * @param {'x86_64' | 'arm64'} arch
 * @param {(line: string) => void} log
 */
async function unpackQemu(dir, arch, log) {
  try {
    await unpackFrom(QEMU_SUITES, dir, arch);
  } catch (cause) {
    log(`no QEMU from backports, taking the distribution's own: ${cause instanceof Error ? cause.message : cause}`);
    await unpackFrom([BASE_SUITE], dir, arch);
  }
  const { binary, env } = describe(dir, arch);
  const { stdout } = await run(binary, ['--version'], { env });
  const version = /version (\S+)/.exec(stdout.toString('utf8'))?.[1] ?? '0';
  await writeFile(join(dir, 'version'), `${version}\n`);
}

/**
 * @param {string[]} suites
 * @param {string} dir
 * @param {'x86_64' | 'arm64'} arch the guest's; QEMU itself is for the host's architecture
 */
async function unpackFrom(suites, dir, arch) {
  const hostArch = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const apt = await openPrivateApt({ suites, arch: hostArch, ignoreInstalled: OWN_PACKAGES });
  try {
    await apt.unpackWithMissing([PACKAGES[arch]], dir);
  } finally {
    await apt.close();
  }
}
