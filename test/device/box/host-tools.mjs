// The programs the box builder needs on this computer, and the Debian packages they come in.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, TOOL_PATH } from './run.mjs';

/** Tool → Debian package. QEMU, busybox and the kernels are not here: they are fetched without installing. */
const TOOLS = {
  depmod: 'kmod',
  flock: 'util-linux',
  gcc: 'gcc',
  lz4: 'lz4',
  mke2fs: 'e2fsprogs',
  mmdebstrap: 'mmdebstrap',
  newuidmap: 'uidmap',
  openssl: 'openssl',
  setpriv: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  tar: 'tar',
  xz: 'xz-utils',
  zstd: 'zstd',
};

/** Packages that are needed for what is in them besides programs. */
const LIBRARIES = {
  'libc6-dev': '/usr/include/stdio.h',
  'debian-archive-keyring': '/usr/share/keyrings/debian-archive-keyring.gpg',
};

/** What a box of another architecture needs besides: a cross compiler for its workload. */
const CROSS = {
  tools: { 'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu' },
  libraries: { 'libc6-dev-arm64-cross': '/usr/aarch64-linux-gnu/include/stdio.h' },
};

/** What a set-up script installs so that `ensureBox` finds everything for boxes of this computer's kind. */
export const BOX_APT_PACKAGES = [...new Set([...Object.values(TOOLS), ...Object.keys(LIBRARIES)])].sort();

/** @param {string} tool */
function isInstalled(tool) {
  return TOOL_PATH.split(':').some((dir) => dir !== '' && existsSync(join(dir, tool)));
}

/** @param {boolean} cross */
function missingPackages(cross) {
  const tools = Object.entries({ ...TOOLS, ...(cross && CROSS.tools) }).filter(([tool]) => !isInstalled(tool));
  const libraries = Object.entries({ ...LIBRARIES, ...(cross && CROSS.libraries) }).filter(
    ([, file]) => !existsSync(file),
  );
  return [...new Set([...tools.map(([, name]) => name), ...libraries.map(([name]) => name)])].sort();
}

/**
 * Installs what is missing when it may (root on a Debian-like system), else says what to install.
 * @param {{ arch: import('./ensure.d.mts').Arch, log: (line: string) => void }} options
 */
export async function ensureHostTools({ arch, log }) {
  const missing = missingPackages(arch !== 'x86_64');
  if (missing.length === 0) return;
  const hint = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!isInstalled('apt-get')) {
    throw new Error(
      `cannot build the virtual box: it is built from Debian packages and there is no apt here; use Debian 12, or install by hand: ${missing.join(', ')}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`cannot build the virtual box: programs are missing; run: sudo ${hint}`);
  }
  log(`installing ${missing.join(' ')}`);
  const install = () =>
    run('apt-get', ['-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'install', ...missing], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await install();
  } catch {
    // The usual cause is a package list that is older than the archive, or was never fetched.
    await run('apt-get', ['-q', 'update']);
    await install().catch((cause) => {
      throw new Error(`cannot build the virtual box: ${hint} failed: ${cause.message}`, { cause });
    });
  }
}
