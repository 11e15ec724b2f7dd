// A private APT root: fetch Debian packages of any suite and architecture without touching the host's APT.
// Takes suites and package names; gives .deb files unpacked; never installs.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';

export const BASE_SUITE = 'bookworm';

/** Debian's name for each architecture, keyed by the kernel's. */
export const DEBIAN_ARCH = { x86_64: 'amd64', arm64: 'arm64' };

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The mirror this computer's APT is set to; SONDE_DEBIAN_MIRROR overrides it.
 * @returns {Promise<string>}
 */
async function mirror() {
  if (process.env.SONDE_DEBIAN_MIRROR) return process.env.SONDE_DEBIAN_MIRROR;
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  for (const line of stdout.toString('utf8').split('\n')) {
    const [uri, suite, component] = line.split(' ');
    if (uri && component === 'main' && (suite === BASE_SUITE || suite === 'stable' || suite === 'oldstable'))
      return uri;
  }
  throw new Error(
    `cannot tell which Debian mirror to use: APT has no ${BASE_SUITE} main source; set SONDE_DEBIAN_MIRROR to a mirror's address`,
  );
}

/**
 * Lines for a sources.list.
 * @param {string[]} suites
 */
export async function sourceLines(suites) {
  const uri = await mirror();
  const options = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  return suites.map((suite) => `deb ${options}${uri} ${suite} main`);
}

/**
 * @typedef {object} PrivateApt
 * @property {(name: string) => Promise<string[]>} dependsOn direct dependencies of a package
 * @property {(names: string[], into: string) => Promise<string[]>} unpack fetches exactly these and unpacks them
 * @property {(names: string[], into: string) => Promise<string[]>} unpackWithMissing the same with every dependency the host lacks
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ suites: string[], arch: 'x86_64' | 'arm64', ignoreInstalled?: RegExp }} options
 *   ignoreInstalled: packages to fetch even if the host has them
 * @returns {Promise<PrivateApt>}
 */
export async function openPrivateApt({ suites, arch, ignoreInstalled }) {
  const dir = await mkdtemp(join(tmpdir(), 'sonde-apt-'));
  for (const sub of ['state/lists/partial', 'cache/archives/partial', 'parts'])
    await mkdir(join(dir, sub), { recursive: true });
  await writeFile(join(dir, 'sources.list'), `${(await sourceLines(suites)).join('\n')}\n`);
  await writeFile(join(dir, 'status'), ignoreInstalled ? await hostStatus(ignoreInstalled) : '');
  const settings = {
    'Dir::Etc::SourceList': join(dir, 'sources.list'),
    'Dir::Etc::SourceParts': join(dir, 'parts'),
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': join(dir, 'parts'),
    'Dir::State': join(dir, 'state'),
    'Dir::State::Status': join(dir, 'status'),
    'Dir::Cache': join(dir, 'cache'),
    'APT::Architecture': DEBIAN_ARCH[arch],
    'APT::Architectures': DEBIAN_ARCH[arch],
    'APT::Sandbox::User': '', // the unprivileged _apt user may not write into our directory
    'APT::Update::Post-Invoke': '',
    'APT::Update::Post-Invoke-Success': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const close = () => rm(dir, { recursive: true, force: true });

  /** @param {string} from @param {string} into */
  const unpackAll = async (from, into) => {
    const debs = (await readdir(from)).filter((name) => name.endsWith('.deb')).sort();
    await mkdir(into, { recursive: true });
    for (const deb of debs) await run('dpkg-deb', ['-x', join(from, deb), into]);
    return debs;
  };

  try {
    await run('apt-get', ['-q', ...options, 'update']);
  } catch (cause) {
    await close();
    throw new Error(
      `cannot read the package lists of ${suites.join(', ')}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }

  return {
    close,
    async dependsOn(name) {
      const { stdout } = await run('apt-cache', [...options, 'depends', '--important', name]);
      return [...stdout.toString('utf8').matchAll(/^\s*Depends: (\S+)$/gm)].map((match) => match[1] ?? '');
    },
    async unpack(names, into) {
      const debs = await mkdtemp(join(dir, 'debs-'));
      await run('apt-get', ['-q', ...options, 'download', ...names], { cwd: debs });
      return unpackAll(debs, into);
    },
    async unpackWithMissing(names, into) {
      const args = ['-y', '-q', '--no-install-recommends', '--download-only', '-t', suites.at(-1) ?? BASE_SUITE];
      await run('apt-get', [...options, ...args, '-o', 'Debug::NoLocking=1', 'install', ...names]);
      return unpackAll(join(dir, 'cache/archives'), into);
    },
  };
}

/**
 * The host's package status without some packages: what stays counts as already there.
 * @param {RegExp} ignore
 */
async function hostStatus(ignore) {
  const paragraphs = (await readFile('/var/lib/dpkg/status', 'utf8')).split('\n\n');
  return paragraphs.filter((paragraph) => !ignore.test(/^Package: (.*)$/m.exec(paragraph)?.[1] ?? '')).join('\n\n');
}
