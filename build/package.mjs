/**
 * `npm run package`: everything for one machine's users out of what is here: a folder, deb, tar.gz and AppImage for Linux on
 * x86-64. Windows and macOS are built where their own tools are: .github/workflows/package.yml.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './apt.mjs';
import { makeAppImage } from './package/appimage.mjs';
import { builderConfig, DEBIAN, MAINTAINER } from './package/builder.mjs';
import { layOutDebian } from './package/debian.mjs';
import { collectDeviceNotices } from './package/device-libraries.mjs';
import { lock } from './native/cache.mjs';
import { drawIcons } from './package/icons.mjs';
import { writeNotices } from './package/notices.mjs';
import { setup } from './setup.mjs';
import { fail, step } from './steps.mjs';

const OUTPUT = 'out/package/made';
const VERSION = JSON.parse(readFileSync('package.json', 'utf8')).version;
const ICONS = 'out/package/icons';
const NOTICES = 'out/package/notices';
const DEVICE_NOTICES = 'out/package/device-notices';
const STAMP = path.join(OUTPUT, '.made-of');
/** What ends up in a package, or decides how. The device's parts and the application are bundled by then. */
const INGREDIENTS = [
  'out/app',
  'out/cli',
  'out/device',
  'build/package',
  'build/package.mjs',
  'bpf',
  'package-lock.json',
  'CHANGELOG.md',
  'LICENSE',
];
const APT_PACKAGES = [
  'dpkg',
  'gcc',
  'libc6-dev',
  'squashfs-tools',
  'libsquashfuse-dev',
  'liblzma-dev',
  'zlib1g-dev',
  'liblzo2-dev',
  'liblz4-dev',
  'libzstd-dev',
];

async function buildDeb(runtime, log) {
  const { build: make, Platform, Arch } = await import('electron-builder');
  process.env.CUSTOM_FPM_PATH = path.resolve('build/package/fpm.mjs');
  const files = await make({
    targets: Platform.LINUX.createTarget(['dir', 'deb'], Arch.x64),
    config: builderConfig({
      electronDist: runtime.dist,
      electronVersion: runtime.version,
      output: OUTPUT,
      icons: ICONS,
    }),
    publish: 'never',
  });
  log(files.join(' '));
}

/** Where Electron could not be downloaded a stand-in of another version says the version that was wanted: this asks it. */
function findRuntime(log) {
  const dist = path.resolve('node_modules/electron/dist');
  const wanted = readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  const asked = spawnSync(path.join(dist, 'electron'), ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  });
  const version = asked.stdout.trim();
  if (version === '') throw new Error(`cannot ask the Electron runtime for its version: ${asked.stderr}`);
  if (version !== wanted) log(`Electron ${version} stands in for ${wanted}: these packages are for tests`);
  return { dist, version };
}

const FOLDER = path.join(OUTPUT, 'linux-unpacked');

function packTar() {
  const name = `sonde-${VERSION}-x64`;
  const owner = ['--owner=0', '--group=0', '--sort=name', `--transform=s,^linux-unpacked,${name},`];
  const file = `--file=${path.join(OUTPUT, `${name}.tar.gz`)}`;
  const { status, stderr } = spawnSync('tar', [
    '--create',
    '--gzip',
    ...owner,
    file,
    `--directory=${OUTPUT}`,
    'linux-unpacked',
  ]);
  if (status !== 0) throw new Error(`cannot pack the tar.gz: ${stderr}`);
}

function packAppImage() {
  makeAppImage({
    folder: FOLDER,
    icon: path.join(ICONS, 'linux', '256x256.png'),
    scratch: 'out/package',
    file: path.join(OUTPUT, `sonde-${VERSION}-x86_64.AppImage`),
  });
}

function printSizes() {
  for (const name of readdirSync(OUTPUT)) {
    const file = path.join(OUTPUT, name);
    if (name.startsWith('sonde-'))
      console.log(`${name.padEnd(40)} ${(statSync(file).size / 1e6).toFixed(1).padStart(8)} MB`);
  }
}

function contentKey() {
  const hash = createHash('sha256').update(readFileSync('package.json'));
  // A stand-in that gave way to the real runtime has another size.
  hash.update(String(statSync('node_modules/electron/dist/electron').size));
  for (const ingredient of INGREDIENTS)
    for (const file of filesOf(ingredient)) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesOf(ingredient) {
  if (statSync(ingredient).isFile()) return [ingredient];
  return readdirSync(ingredient, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Resolves to the folder of the packages; the second time it costs reading what they are made of. */
export async function makePackages() {
  const unlock = await lock('out/package.lock', console.log);
  try {
    return await makeChanged();
  } finally {
    unlock();
  }
}

async function makeChanged() {
  const key = contentKey();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === key) return OUTPUT;
  await step('Debian packages of the packages', (log) => ensurePackages(APT_PACKAGES, log));
  rmSync(OUTPUT, { recursive: true, force: true });
  const runtime = await step('version of the runtime', findRuntime);
  await step('icons', () => drawIcons(ICONS));
  await step('licences, bill of materials', () => {
    collectDeviceNotices(DEVICE_NOTICES);
    writeNotices({ folder: NOTICES, device: DEVICE_NOTICES, electronVersion: runtime.version });
  });
  await step('what Debian looks for', () => layOutDebian({ folder: DEBIAN, version: VERSION, maintainer: MAINTAINER }));
  await step('folder and deb', (log) => buildDeb(runtime, log));
  await step('tar.gz', packTar);
  await step('AppImage', packAppImage);
  writeFileSync(STAMP, key);
  return OUTPUT;
}

async function main() {
  await setup();
  await makePackages();
  printSizes();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main().catch(fail);
