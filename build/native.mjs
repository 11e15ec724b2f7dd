/**
 * Takes: bpf/ and the Debian sources of libbpf, elfutils, libpcap, zlib and zstd.
 * Gives: out/device/loader-<machine>, one static executable per processor architecture, all BPF programs inside.
 * Never: touches the host's own package lists, or compiles anything twice for the same content.
 *
 * As a script: `node build/native.mjs [machine…]`.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './apt.mjs';
import { archOf, DEFAULT_MACHINES } from './native/arches.mjs';
import { cached } from './native/cache.mjs';
import { LIBS_RECIPE, SOURCE_PACKAGES, buildLibs } from './native/libs.mjs';
import { buildLoader } from './native/loader.mjs';
import { findTool } from './native/run.mjs';
import { openPrivateApt } from './private-apt.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Debian packages the build needs on the host, for the two default machines. */
export const NATIVE_APT_PACKAGES = [
  'binutils',
  'bison',
  'clang',
  'dpkg-dev',
  'flex',
  'llvm',
  ...DEFAULT_MACHINES.map((machine) => archOf(machine).gccPackage),
];

/**
 * @param {{ log?: (line: string) => void, arches?: string[] }} [options]
 * @returns {Promise<Record<string, string>>} machine (as `uname -m` says it) → path of its loader
 */
export async function ensureNative({ log = () => {}, arches = DEFAULT_MACHINES } = {}) {
  const key = loaderKey();
  const outFolder = join(ROOT, 'out', 'device');
  mkdirSync(outFolder, { recursive: true });
  const built = {};
  for (const machine of arches) {
    const arch = archOf(machine);
    const loader = await cached(`loader-${machine}-${key}`, log, async (folder) => {
      log(`building the loader for ${machine}`);
      await installMissing(arch, log);
      const libs = await ensureLibs(arch, log);
      await buildLoader({ root: ROOT, arch, libs, folder });
    });
    built[machine] = place(join(loader, 'loader'), join(outFolder, `loader-${machine}`));
  }
  return built;
}

async function ensureLibs(arch, log) {
  return await cached(`libs-${arch.machine}-${LIBS_RECIPE}`, log, async (folder) => {
    log(`building libbpf, libelf, libpcap and zstd for ${arch.machine}`);
    const sources = await cached(`sources-${LIBS_RECIPE}`, log, (target) =>
      fetch({ type: 'deb-src', arch, log }, (apt) => apt.unpackSources(SOURCE_PACKAGES, target)),
    );
    const musl = await cached(`musl-${arch.machine}-${LIBS_RECIPE}`, log, (target) =>
      fetch({ type: 'deb', arch, log }, (apt) => apt.unpack(['musl-dev', 'linux-libc-dev'], target)),
    );
    await buildLibs({ arch, sources, musl, folder });
  });
}

async function fetch({ type, arch, log }, use) {
  log(type === 'deb' ? 'downloading Debian packages' : 'downloading Debian sources');
  const apt = await openPrivateApt({ type, debianArch: arch.debian });
  try {
    await use(apt);
  } finally {
    await apt.close();
  }
}

/** Packages whose program is not on the PATH. */
async function installMissing(arch, log) {
  const needed = [
    ['binutils', ['ar']],
    ['bison', ['bison']],
    ['clang', ['clang', 'clang-14']],
    ['dpkg-dev', ['dpkg-source']],
    ['flex', ['flex']],
    ['llvm', ['llvm-strip', 'llvm-strip-14']],
    [arch.gccPackage, [`${arch.triplet}-gcc`]],
  ];
  const missing = needed.filter(([, names]) => !findTool(names)).map(([name]) => name);
  if (missing.length > 0) await ensurePackages(missing, log);
}

/** Hash of everything a loader is made of: its sources, the build's own scripts, and the version it tells. */
function loaderKey() {
  const hash = createHash('sha256');
  for (const folder of ['bpf', 'build/native']) {
    for (const file of filesBelow(join(ROOT, folder))) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  hash.update(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
    .sort();
}

/** Copies unless already the same; by rename, so that a reader never sees half a file. */
function place(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return to;
  const part = `${to}.${process.pid}`;
  copyFileSync(from, part);
  renameSync(part, to);
  return to;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arches = process.argv.slice(2);
  const built = await ensureNative({ log: console.error, ...(arches.length > 0 ? { arches } : {}) });
  for (const path of Object.values(built)) console.log(path);
}
