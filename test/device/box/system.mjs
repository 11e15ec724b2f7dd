// A Debian system as an archive, before it becomes our box. Its own artefact, because it takes a minute to
// build and what we put on top of it changes every day.

import { join } from 'node:path';
import { artefact } from './cache.mjs';
import { BASE_SUITE, DEBIAN_ARCH, openPrivateApt, sourceLines } from './debian.mjs';
import { run } from './run.mjs';

/** bpftool: so that tests can prove that nothing stays loaded. */
const COMMON = [
  'bash',
  'bpftool',
  'busybox-static',
  'iproute2',
  'kmod',
  'openssh-server',
  'procps',
  'python3-minimal',
  'sudo',
];

/** What each variant has besides the common packages. */
export const VARIANTS = {
  plain: [],
  node: ['nodejs'],
  peers: ['bpfcc-tools', 'bpftrace', 'libbpf-tools', 'linux-perf', 'strace', 'stress-ng', 'tcpdump'],
};

/** Files a box never reads; they would be two thirds of the image. */
const EXCLUDED_PATHS = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*'];

/**
 * @typedef {import('./ensure.d.mts').Arch} Arch
 * @typedef {object} System
 * @property {string} tar everything, as root would unpack it
 * @property {string} configuredBy '' or the archive of the same packages whose /etc to take: see extractForeign
 */

/**
 * @param {{ variant: string, arch: Arch, log: (line: string) => void }} options
 * @returns {Promise<System>}
 */
export async function ensureSystem({ variant, arch, log }) {
  const extra = VARIANTS[/** @type {keyof typeof VARIANTS} */ (variant)];
  if (!extra) throw new Error(`cannot build a ${variant} box: the variants are ${Object.keys(VARIANTS).join(', ')}`);
  const packages = [...COMMON, ...extra];
  const configuredBy = arch === 'x86_64' ? '' : (await ensureSystem({ variant, arch: 'x86_64', log })).tar;
  const dir = await artefact({
    name: `system-${variant}-${arch}`,
    recipe: [BASE_SUITE, packages.join(), EXCLUDED_PATHS.join()],
    log,
    build(tmp) {
      const tar = join(tmp, 'system.tar.zst');
      return configuredBy
        ? extractForeign(tar, arch, configuredBy)
        : bootstrap(tar, '--variant=minbase', arch, packages);
    },
  });
  return { tar: join(dir, 'system.tar.zst'), configuredBy };
}

/**
 * A system of another architecture, without running any of its programs: the packages of the configured system
 * are unpacked, and what their scripts would have written is taken from that system when the image is packed.
 * @param {string} tar
 * @param {Arch} arch
 * @param {string} configured archive
 */
async function extractForeign(tar, arch, configured) {
  const { stdout } = await run('tar', ['-xOf', configured, './var/lib/dpkg/status']);
  const packages = [...stdout.toString('utf8').matchAll(/^Package: (\S+)$/gm)].map((match) => match[1] ?? '');
  // One of those scripts merges /bin, /lib and /sbin into /usr. Here they are links from the start.
  const merge = 'for d in bin lib sbin; do mkdir -p "$1/usr/$d"; ln -s usr/$d "$1/$d"; done';
  await bootstrap(tar, '--variant=extract', arch, packages, [`--setup-hook=${merge}`]);
}

/**
 * @param {string} tar
 * @param {string} variant mmdebstrap's
 * @param {Arch} arch
 * @param {string[]} packages
 * @param {string[]} [hooks]
 */
async function bootstrap(tar, variant, arch, packages, hooks = []) {
  const options = [
    variant,
    ...hooks,
    `--architectures=${DEBIAN_ARCH[arch]}`,
    `--include=${packages.join()}`,
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...(await proxyOptions()),
    '--dpkgopt=force-unsafe-io',
    ...EXCLUDED_PATHS.map((path) => `--dpkgopt=path-exclude=${path}`),
  ];
  const input = `${(await sourceLines([BASE_SUITE])).join('\n')}\n`;
  await run('mmdebstrap', [...options, '--quiet', BASE_SUITE, tar, '-'], { input });
}

/** mmdebstrap uses an APT configuration of its own; a proxy the host needs must be passed on. */
async function proxyOptions() {
  const { stdout } = await run('apt-config', ['dump']);
  const proxies = stdout.toString('utf8').match(/^Acquire::\w+::(\S+::)?Proxy "[^"]+";$/gm) ?? [];
  return proxies.map((line) => `--aptopt=${line.replace(/;$/, '')}`);
}

/**
 * A kernel's headers, for tools that compile on the box. Unpacked, not installed: installing would bring a compiler along.
 * @param {{ version: string, arch: Arch, log: (line: string) => void }} options version: what `uname -r` says
 * @returns {Promise<string>} a directory to lay over the root: usr/src/…
 */
export function ensureHeaders({ version, arch, log }) {
  const common = `linux-headers-${version.replace(/-cloud-\w+$/, '')}-common`;
  return artefact({
    name: `headers-${version}`,
    recipe: [common],
    log,
    async build(tmp) {
      const apt = await openPrivateApt({ suites: [BASE_SUITE], arch });
      try {
        await apt.unpack([`linux-headers-${version}`, common], tmp);
      } catch (cause) {
        const hint = 'if Debian has a newer kernel by now, run "node test/device/box/cli.mjs clean" to fetch that one';
        throw new Error(`${cause instanceof Error ? cause.message : cause}; ${hint}`, { cause });
      } finally {
        await apt.close();
      }
    },
  });
}
