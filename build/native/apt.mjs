/**
 * Debian packages and sources through a private APT root: its own lists, status and cache, from the mirror this
 * machine is set to. The host's own apt is used only to install missing tools.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, runNow } from './run.mjs';

/** On Debian of any release the same sources are built, so that the loader is the same everywhere. */
const DEBIAN_SUITE = 'bookworm';

/** Installs what is missing; throws an Error with the command to type where that cannot be done. */
export function ensureAptPackages(packages, log) {
  if (packages.length === 0) return;
  const apt = findTool(['apt-get']);
  const names = packages.join(' ');
  if (!apt) throw new Error(`cannot build the loader: install the equivalents of these Debian packages: ${names}`);
  const root = process.getuid?.() === 0;
  const sudo = root ? null : findTool(['sudo']);
  if (!root && !sudo)
    throw new Error(`cannot build the loader: as root, apt-get install --no-install-recommends ${names}`);
  log(`installing ${names}`);
  const run = (...args) => {
    const line = [apt, '-qq', '-o', 'DPkg::Lock::Timeout=600', ...args];
    const command = root ? line : [sudo, '-n', ...line];
    runNow(command[0], command.slice(1), { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  try {
    run('install', '-y', '--no-install-recommends', ...packages);
  } catch {
    // The lists may be missing or old: renew them, and let the second failure speak.
    run('update');
    run('install', '-y', '--no-install-recommends', ...packages);
  }
}

/**
 * Makes a private root at `folder`, lets `use` fetch through it, and removes it: its lists are large and soon stale.
 * `use` is given the environment in which apt-get sees only that root.
 */
export function withAptRoot(folder, debianArches, log, use) {
  if (!findTool(['apt-get'])) throw new Error('cannot fetch Debian sources: apt-get is not on this machine');
  rmSync(folder, { recursive: true, force: true });
  try {
    use(openAptRoot(folder, debianArches, log));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openAptRoot(folder, debianArches, log) {
  const config = join(folder, 'apt.conf');
  const env = { ...process.env, APT_CONFIG: config };
  for (const each of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), sourcesList(debianArches));
  writeFileSync(config, aptConfig(folder, debianArches));
  log('reading package lists');
  runNow('apt-get', ['-qq', 'update'], { env });
  return env;
}

/** Unpacks sources into folder/<name>, binaries over each other into folder. */
export function fetchPackages(env, { sources = [], binaries = [], folder }, log) {
  const download = join(folder, 'download');
  mkdirSync(download, { recursive: true });
  log(`downloading ${[...sources, ...binaries].join(' ')}`);
  if (sources.length > 0) runNow('apt-get', ['-qq', 'source', '--download-only', ...sources], { env, cwd: download });
  if (binaries.length > 0) runNow('apt-get', ['-qq', 'download', ...binaries], { env, cwd: download });
  for (const file of readdirSync(download)) {
    const path = join(download, file);
    if (file.endsWith('.deb')) runNow('dpkg', ['-x', path, folder]);
    // The signature was already checked by apt through the signed index.
    if (file.endsWith('.dsc')) {
      runNow('dpkg-source', ['--no-check', '--no-copy', '-x', path, join(folder, file.split('_')[0])], {
        cwd: download,
      });
    }
  }
  rmSync(download, { recursive: true });
}

/** Everything is set here, and the host's files are not read: their hooks would clean the host's own cache. */
function aptConfig(folder, debianArches) {
  const inherited = runNow('apt-config', ['dump'])
    .split('\n')
    .filter(
      (line) => line.startsWith('Acquire::') && !/^Acquire::(IndexTargets|GzipIndexes|CompressionTypes)/.test(line),
    );
  const own = runNow('dpkg', ['--print-architecture']).trim();
  const arches = [...new Set([own, ...debianArches])].map((each) => `"${each}";`).join(' ');
  return [
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::Etc::sourcelist "${join(folder, 'sources.list')}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${join(folder, 'state')}";`,
    `Dir::State::status "${join(folder, 'status')}";`,
    `Dir::Cache "${join(folder, 'cache')}";`,
    `APT::Architectures { ${arches} };`,
    // The _apt user may not enter a private cache folder; it only ever fetches signed files.
    'APT::Sandbox::User "root";',
    ...inherited,
    'Acquire::Languages "none";',
    '',
  ].join('\n');
}

function sourcesList(debianArches) {
  const { uri, options, suite } = mainSource();
  const line = (type, extra) => `${type} [${[...options, ...extra].join(' ')}] ${uri} ${suite} main`;
  const lines = debianArches.length > 0 ? [line('deb', [`arch=${debianArches.join(',')}`])] : [line('deb-src', [])];
  return `${lines.join('\n')}\n`;
}

/** The first entry of the host's sources that serves the release itself. */
function mainSource() {
  const release = Object.fromEntries(
    readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replace(/^"|"$/g, '')]),
  );
  const found = sourceEntries().find(
    ({ components, suites }) => components.includes('main') && suites.includes(release.VERSION_CODENAME),
  );
  if (!found) throw new Error(`cannot fetch Debian sources: no apt source serves ${release.VERSION_CODENAME} main`);
  const suite = release.ID === 'debian' ? DEBIAN_SUITE : release.VERSION_CODENAME;
  return { uri: found.uri, suite, options: found.signedBy ? [`signed-by=${found.signedBy}`] : [] };
}

/** Both formats: one line per entry, and paragraphs of fields (deb822). */
function sourceEntries() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((f) => join(folder, f)) : []),
  ];
  return files
    .filter((file) => existsSync(file) && /\.(list|sources)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8').replace(/^\s*#.*\n?/gm, '');
      return file.endsWith('.list')
        ? text.split('\n').flatMap(oneLineEntry)
        : text.split(/\n\s*\n/).flatMap(paragraphEntry);
    });
}

function oneLineEntry(line) {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
  if (!match) return [];
  const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
  return [{ uri: match[2], suites: [match[3]], components: match[4].split(/\s+/), signedBy }];
}

function paragraphEntry(text) {
  const field = (name) => new RegExp(`^${name}:\\s*(.+)$`, 'im').exec(text)?.[1].trim();
  if (!field('Types')?.split(/\s+/).includes('deb') || !field('URIs')) return [];
  const words = (name) => (field(name) ?? '').split(/\s+/);
  return [
    { uri: words('URIs')[0], suites: words('Suites'), components: words('Components'), signedBy: field('Signed-By') },
  ];
}
