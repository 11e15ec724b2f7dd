/**
 * What the loader is linked to, as its build unpacked it: names, versions and licences from the Debian sources themselves,
 * and the source that libelf's licence (LGPL-3+ or GPL-2+) gives to whoever receives the loader.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cacheFolder } from '../native/cache.mjs';
import { LIBS_RECIPE, SOURCE_PACKAGES } from '../native/libs.mjs';

/** As SPDX names what of each is linked; the whole text is Debian's copyright file beside it. */
const LICENCES = {
  elfutils: 'LGPL-3.0-or-later OR GPL-2.0-or-later',
  libbpf: 'LGPL-2.1-only OR BSD-2-Clause',
  libpcap: 'BSD-3-Clause',
  libzstd: 'BSD-3-Clause OR GPL-2.0-only',
  zlib: 'Zlib',
  musl: 'MIT',
};

/** What relinking the loader needs of ours: `node build/native.mjs` makes it of this, with a changed libelf too. */
const LOADER_SOURCE = [
  'bpf',
  'build/native',
  'build/native.mjs',
  'build/private-apt.mjs',
  'build/apt.mjs',
  'package.json',
];
const LIBELF_SOURCE = [
  'libelf',
  'lib',
  'config',
  'configure.ac',
  'COPYING',
  'COPYING-GPLV2',
  'COPYING-LGPLV3',
  'debian/copyright',
];

/** Some libraries name these without bringing them; Debian has them. */
const TEXTS = ['Apache-2.0', 'BSD', 'MPL-2.0'];
const TEXTS_FOLDER = '/usr/share/common-licenses';

const SOURCES = () => cacheFolder(`sources-${LIBS_RECIPE}`);
const MUSL_DOC = () => path.join(cacheFolder(`musl-x86_64-${LIBS_RECIPE}`), 'usr/share/doc/musl-dev');

/** @returns {{ name: string, version: string, licence: string, purl: string, text: string }[]} */
function deviceLibraries() {
  if (!existsSync(SOURCES()))
    throw new Error(`the loader's sources are not in ${SOURCES()}: remove the libs-* folders beside it`);
  const sources = SOURCE_PACKAGES.map((name) =>
    library(
      name,
      changelog(path.join(SOURCES(), name, 'debian/changelog')),
      path.join(SOURCES(), name, 'debian/copyright'),
    ),
  );
  return [
    ...sources,
    library('musl', changelog(path.join(MUSL_DOC(), 'changelog.Debian.gz')), path.join(MUSL_DOC(), 'copyright')),
  ];
}

function library(name, version, copyright) {
  const licence = LICENCES[name];
  if (!licence) throw new Error(`no licence is known for ${name}`);
  return {
    name,
    version,
    licence,
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}`,
    text: readFileSync(copyright, 'utf8'),
  };
}

/** The version that a Debian changelog begins with. */
function changelog(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return /^\S+ \(([^)]+)\)/.exec(text)[1];
}

/** Writes libraries.json, texts/ and source/ into `folder`: what other systems' packages need too, where nothing of this is. */
export function collectDeviceNotices(folder) {
  const source = path.join(folder, 'source');
  rmSync(folder, { recursive: true, force: true });
  const texts = path.join(folder, 'texts');
  for (const each of [source, texts]) mkdirSync(each, { recursive: true });
  for (const name of TEXTS) copyFileSync(path.join(TEXTS_FOLDER, name), path.join(texts, name));
  writeFileSync(path.join(folder, 'libraries.json'), JSON.stringify(deviceLibraries()));
  packed(path.join(source, 'loader.tar.gz'), process.cwd(), LOADER_SOURCE);
  packed(path.join(source, 'libelf.tar.gz'), path.join(SOURCES(), 'elfutils'), LIBELF_SOURCE);
}

function packed(file, from, names) {
  // The same bytes from the same files.
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  execFileSync('tar', [
    '--create',
    ...same,
    '--use-compress-program=gzip -9n',
    `--file=${file}`,
    `--directory=${from}`,
    ...names,
  ]);
}
