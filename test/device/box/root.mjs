// A root image: a small Debian with sshd, three accounts, and the known-truth workload. One artefact per variant.
//
//   root.ext4   the disk, never written to (boots use a throw-away overlay)
//   ssh_host_*  its host keys

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { artefact } from './cache.mjs'
import { BASE_SUITE, DEBIAN_ARCH, sourceLines } from './debian.mjs'
import { ensureUserKeys, makeHostKeys, readHostKeys } from './keys.mjs'
import { run } from './run.mjs'
import { sources } from './sources.mjs'
import { buildWorkload } from './workload.mjs'

const COMMON = ['bash', 'bpftool', 'busybox-static', 'iproute2', 'kmod', 'openssh-server', 'procps', 'python3-minimal', 'sudo']

/** What each variant has besides the common packages. */
export const VARIANTS = {
  plain: [],
  node: ['nodejs'],
  peers: ['bpfcc-tools', 'bpftrace', 'libbpf-tools', 'linux-perf', 'strace', 'stress-ng'],
}

/** Room on the disk for recordings, an agent and its spool. */
const SPARE_MB = 256

/** Files a box never reads; they would be two thirds of the image. */
const EXCLUDED_PATHS = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*']

/**
 * @typedef {object} RootImage
 * @property {string} dir
 * @property {string} image
 * @property {import('./keys.mjs').UserKeys} userKeys
 * @property {string[]} hostKeys
 * @property {string} hostKey
 * @property {string} hostKeyFingerprint
 */

/**
 * @param {{ variant: string, arch: 'x86_64' | 'arm64', log: (line: string) => void }} options
 * @returns {Promise<RootImage>}
 */
export async function ensureRoot({ variant, arch, log }) {
  const extra = VARIANTS[/** @type {keyof typeof VARIANTS} */ (variant)]
  if (!extra) throw new Error(`cannot build a ${variant} box: the variants are ${Object.keys(VARIANTS).join(', ')}`)
  const userKeys = await ensureUserKeys(log)
  const packages = [...COMMON, ...extra]
  const dir = await artefact({
    name: `root-${variant}-${arch}`,
    recipe: [
      packages.join(),
      EXCLUDED_PATHS.join(),
      String(SPARE_MB),
      userKeys.authorizedKeys,
      ...(await sources('root.mjs', 'pack-root.mjs', 'accounts.mjs', 'ext4.mjs', 'workload.mjs', 'guest/', '../workload/')),
    ],
    log,
    build: (tmp) => buildRoot(tmp, packages, arch, userKeys.authorizedKeys),
  })
  return { dir, image: join(dir, 'root.ext4'), userKeys, ...(await readHostKeys(dir)) }
}

/**
 * @param {string} dir
 * @param {string[]} packages
 * @param {'x86_64' | 'arm64'} arch
 * @param {string} authorizedKeys
 */
async function buildRoot(dir, packages, arch, authorizedKeys) {
  const work = join(dir, 'work')
  await mkdir(work)
  await makeHostKeys(dir)
  await Promise.all([bootstrap(join(work, 'root.tar'), packages, arch), buildWorkload(join(work, 'workload'), arch)])
  await writeFile(join(work, 'authorized_keys'), authorizedKeys)
  await asRoot(fileURLToPath(new URL('pack-root.mjs', import.meta.url)), [dir, String(SPARE_MB)])
  await asRoot('--eval', [`fs.rmSync(${JSON.stringify(work)}, { recursive: true })`])
}

/**
 * @param {string} tar
 * @param {string[]} packages
 * @param {'x86_64' | 'arm64'} arch
 */
async function bootstrap(tar, packages, arch) {
  const options = [
    '--variant=minbase',
    `--architectures=${DEBIAN_ARCH[arch]}`,
    `--include=${packages.join()}`,
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...(await proxyOptions()),
    '--dpkgopt=force-unsafe-io',
    ...EXCLUDED_PATHS.map((path) => `--dpkgopt=path-exclude=${path}`),
  ]
  const input = `${(await sourceLines([BASE_SUITE])).join('\n')}\n`
  await run('mmdebstrap', [...options, '--quiet', BASE_SUITE, tar, '-'], { input })
}

/** mmdebstrap uses an APT configuration of its own; a proxy the host needs must be passed on. */
async function proxyOptions() {
  const { stdout } = await run('apt-config', ['dump'])
  const proxies = stdout.toString('utf8').match(/^Acquire::\w+::(\S+::)?Proxy "[^"]+";$/gm) ?? []
  return proxies.map((line) => `--aptopt=${line.replace(/;$/, '')}`)
}

/**
 * Runs one of our scripts as root: directly, or in a user namespace where an ordinary user is one.
 * @param {string} script
 * @param {string[]} args
 */
async function asRoot(script, args) {
  if (process.getuid?.() === 0) return run(process.execPath, [script, ...args])
  return run('unshare', ['--map-root-user', '--map-auto', '--', process.execPath, script, ...args])
}

