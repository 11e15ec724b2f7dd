/**
 * Packages for the system that this runs on, with a network and what device.mjs made on Linux:
 * `node build/package/elsewhere.mjs --linux|--win|--mac TARGET… --x64|--arm64`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../bundle.mjs';
import { fail, step } from '../steps.mjs';
import { builderConfig, DEBIAN, MAINTAINER } from './builder.mjs';
import { layOutDebian } from './debian.mjs';
import { drawIcons } from './icons.mjs';
import { writeNotices } from './notices.mjs';

const FOLDERS = { output: 'out/package/made', icons: 'out/package/icons' };
const SYSTEMS = { linux: 'LINUX', win: 'WINDOWS', mac: 'MAC' };
/** Everything but the agent, which came with the device's parts. */
const PARTS = ['main', 'preload', 'host', 'renderer', 'cli'];

/** @param {readonly string[]} words of the command line */
export function parse(words) {
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  const system = flags.find((flag) => flag in SYSTEMS);
  const arch = flags.find((flag) => flag === 'x64' || flag === 'arm64');
  if (!system || !arch) throw new Error('usage: elsewhere.mjs --linux|--win|--mac TARGET… --x64|--arm64');
  return { system, arch, targets: words.filter((word) => !word.startsWith('--')) };
}

async function make({ system, arch, targets }, electron) {
  const { build, Platform, Arch } = await import('electron-builder');
  // dpkg-deb is enough, and is there on each Linux that a deb is made on.
  if (system === 'linux') process.env.CUSTOM_FPM_PATH = path.resolve('build/package/fpm.mjs');
  return build({
    targets: Platform[SYSTEMS[system]].createTarget(targets, Arch[arch]),
    config: builderConfig({ electronDist: electron.dist, electronVersion: electron.version, ...FOLDERS }),
    publish: 'never',
  });
}

async function main() {
  const asked = parse(process.argv.slice(2));
  const dist = path.resolve('node_modules/electron/dist');
  const electron = { dist, version: readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '') };
  await step('app', (log) => bundle({ only: PARTS, log }));
  await step('icons', () => drawIcons(FOLDERS.icons));
  const places = { folder: 'out/package/notices', device: 'out/package/device-notices' };
  await step('licences, bill of materials', () => writeNotices({ ...places, electronVersion: electron.version }));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  if (asked.system === 'linux')
    await step('what Debian looks for', () => layOutDebian({ folder: DEBIAN, version, maintainer: MAINTAINER }));
  await step('packages', async (log) => log((await make(asked, electron)).join(' ')));
}

if (process.argv[1] === import.meta.filename) main().catch(fail);
