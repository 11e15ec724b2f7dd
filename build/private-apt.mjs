/**
 * A private APT root: Debian packages and sources of any suite and architecture, without touching the host's APT.
 * Takes suites and package names; gives their files unpacked; never installs.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, run } from './native/run.mjs';

/** What is built from Debian is the same on every computer. */
export const BASE_SUITE = 'bookworm';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * @typedef {object} PrivateApt
 * @property {(name: string) => Promise<string[]>} dependsOn direct dependencies of a package
 * @property {(names: string[], into: string) => Promise<string[]>} unpack fetches exactly these and unpacks them over each other
 * @property {(names: string[], into: string) => Promise<string[]>} unpackWithMissing the same with every dependency the host lacks
 * @property {(names: string[], into: string) => Promise<void>} unpackSources each into a folder of its name
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ suites?: string[] | null, type?: 'deb' | 'deb-src', debianArch: string, ignoreInstalled?: RegExp | undefined }} options
 *   suites: null = Debian's BASE_SUITE, or this computer's own release where that is no Debian;
 *   type: packages to be unpacked, or their sources;  ignoreInstalled: packages to fetch even if the host has them
 * @returns {Promise<PrivateApt>}
 */
export async function openPrivateApt({ suites = null, type = 'deb', debianArch, ignoreInstalled }) {
  if (!findTool(['apt-get'])) throw new Error('cannot fetch Debian packages: apt-get is not on this machine');
  const dir = await mkdtemp(join(tmpdir(), 'sonde-apt-'));
  const close = () => rm(dir, { recursive: true, force: true });
  const env = { ...process.env, APT_CONFIG: join(dir, 'apt.conf') };
  const apt = (command, args, cwd = dir) => run(command, args, { env, cwd });
  try {
    for (const sub of ['state/lists/partial', 'cache/archives/partial'])
      await mkdir(join(dir, sub), { recursive: true });
    const lines = suites ? await sourceLines(suites) : [await releaseLine()];
    await writeFile(join(dir, 'sources.list'), lines.map((line) => `${type} ${line.slice('deb '.length)}\n`).join(''));
    await writeFile(join(dir, 'status'), ignoreInstalled ? await hostStatus(ignoreInstalled) : '');
    await writeFile(env.APT_CONFIG, await aptConfig(dir, debianArch));
    await apt('apt-get', ['-q', 'update']);
  } catch (cause) {
    await close();
    const which = suites?.join(', ') ?? 'the release';
    throw new Error(`cannot read the package lists of ${which}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  return {
    close,
    async dependsOn(name) {
      const said = await apt('apt-cache', ['depends', '--important', name]);
      return [...said.matchAll(/^\s*Depends: (\S+)$/gm)].map((match) => match[1] ?? '');
    },
    async unpack(names, into) {
      const debs = await mkdtemp(join(dir, 'debs-'));
      await apt('apt-get', ['-q', 'download', ...names], debs);
      return unpackAll(debs, into);
    },
    async unpackWithMissing(names, into) {
      const args = ['-y', '-q', '--no-install-recommends', '--download-only', '-t', suites?.at(-1) ?? BASE_SUITE];
      await apt('apt-get', [...args, '-o', 'Debug::NoLocking=1', 'install', ...names]);
      return unpackAll(join(dir, 'cache/archives'), into);
    },
    async unpackSources(names, into) {
      const folder = await mkdtemp(join(dir, 'sources-'));
      await apt('apt-get', ['-q', 'source', '--download-only', ...names], folder);
      await mkdir(into, { recursive: true });
      // The signatures were already checked by apt, through the signed index.
      for (const file of (await readdir(folder)).filter((name) => name.endsWith('.dsc'))) {
        const target = join(into, file.split('_')[0] ?? file);
        await run('dpkg-source', ['--no-check', '--no-copy', '-x', file, target], { cwd: folder });
      }
    },
  };
}

/** @param {string} from @param {string} into */
async function unpackAll(from, into) {
  const debs = (await readdir(from)).filter((name) => name.endsWith('.deb')).sort();
  await mkdir(into, { recursive: true });
  for (const deb of debs) await run('dpkg-deb', ['-x', join(from, deb), into]);
  return debs;
}

/**
 * Lines of Debian's own packages for a sources.list.
 * @param {string[]} suites
 */
export async function sourceLines(suites) {
  const uri = process.env.SONDE_DEBIAN_MIRROR || (await hostSource([BASE_SUITE, 'stable', 'oldstable']))?.uri;
  if (!uri)
    throw new Error(
      `cannot tell which Debian mirror to use: APT has no ${BASE_SUITE} main source; set SONDE_DEBIAN_MIRROR to a mirror's address`,
    );
  const options = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  return suites.map((suite) => `deb ${options}${uri} ${suite} main`);
}

async function releaseLine() {
  const release = await readFile('/etc/os-release', 'utf8');
  if (process.env.SONDE_DEBIAN_MIRROR || /^ID=debian$/m.test(release))
    return (await sourceLines([BASE_SUITE]))[0] ?? '';
  const codename = /^VERSION_CODENAME="?(\w+)/m.exec(release)?.[1] ?? '';
  const found = await hostSource([codename]);
  if (!found) throw new Error(`APT has no main source of ${codename}`);
  return `deb ${found.signedBy ? `[signed-by=${found.signedBy}] ` : ''}${found.uri} ${codename} main`;
}

/** The first source of this computer's APT that serves the main part of one of these releases. */
async function hostSource(releases) {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)';
  const said = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  for (const line of said.split('\n')) {
    const [uri, release = '', component, signedBy] = line.split('|');
    if (uri && component === 'main' && releases.includes(release)) return { uri, signedBy };
  }
  return null;
}

/** Everything is set here and the host's files are not read: their hooks would clean the host's own cache. */
async function aptConfig(dir, debianArch) {
  const host = await run('apt-config', ['dump']);
  const inherited = host
    .split('\n')
    .filter(
      (line) => line.startsWith('Acquire::') && !/^Acquire::(IndexTargets|GzipIndexes|CompressionTypes)/.test(line),
    );
  return [
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::Etc::sourcelist "${join(dir, 'sources.list')}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${join(dir, 'state')}";`,
    `Dir::State::status "${join(dir, 'status')}";`,
    `Dir::Cache "${join(dir, 'cache')}";`,
    `APT::Architecture "${debianArch}";`,
    `APT::Architectures { "${debianArch}"; };`,
    // The _apt user may not enter a private folder; apt only ever fetches signed files.
    'APT::Sandbox::User "root";',
    ...inherited,
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    '',
  ].join('\n');
}

/**
 * The host's package status without some packages: what stays counts as already there.
 * @param {RegExp} ignore
 */
async function hostStatus(ignore) {
  const paragraphs = (await readFile('/var/lib/dpkg/status', 'utf8')).split('\n\n');
  return paragraphs.filter((paragraph) => !ignore.test(/^Package: (.*)$/m.exec(paragraph)?.[1] ?? '')).join('\n\n');
}
