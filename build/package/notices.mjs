/**
 * What a package says of itself: the licences of everything in it, its bill of materials, its changelog, and the source that
 * a licence asks for. Generated from what is shipped, nothing of it by hand.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmBill, wholeBill } from './sbom.mjs';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense)/i;
const NODE_FACTS = 'out/device/node-x86_64.json';

const RELINKING = `The loader (resources/app.asar: out/device/loader-*) is linked statically with libelf of elfutils, which may be used under
the GNU LGPL, version 3 or later, or the GNU GPL, version 2 or later. You may change libelf and link the loader with it:

  source/libelf.tar.gz   libelf as it was compiled, with both licences
  source/loader.tar.gz   the loader's own source and everything that builds it

Unpack loader.tar.gz on Debian 12 and run \`node build/native.mjs x86_64\`: it fetches the other libraries' sources, compiles
and links. A changed libelf goes into ~/.cache/sonde-build/native/sources-*/elfutils/; remove the libs-* folders beside it and
run it again. The programs for the kernel inside the loader (bpf/probes) carry their own licence lines.
`;

/** @param {{ folder: string, device: string, electronVersion: string }} places `device`: what device-libraries.mjs collected */
export function writeNotices({ folder, device: collected, electronVersion }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bill = npmBill();
  const device = JSON.parse(readFileSync(path.join(collected, 'libraries.json'), 'utf8'));
  const node = JSON.parse(readFileSync(NODE_FACTS, 'utf8')).version;
  const runtimes = [
    { name: 'electron', version: electronVersion, licence: 'MIT', purl: `pkg:npm/electron@${electronVersion}` },
    { name: 'node', version: node, licence: 'MIT', purl: `pkg:generic/node@${node}` },
  ];
  writeFileSync(
    path.join(folder, 'sbom.cdx.json'),
    `${JSON.stringify(wholeBill(bill, [...runtimes, ...device]), null, 1)}\n`,
  );
  writeFileSync(path.join(folder, 'LICENCES.txt'), licences(bill, device, node, path.join(collected, 'texts')));
  writeFileSync(path.join(folder, 'RELINKING.txt'), RELINKING);
  copyFileSync('CHANGELOG.md', path.join(folder, 'CHANGELOG.md'));
  cpSync(path.join(collected, 'source'), path.join(folder, 'source'), { recursive: true });
}

function licences(bill, device, node, texts) {
  const libraries = bill.components.filter(isHere).map((component) => ({
    title: `${component.name} ${component.version} (${namesOf(component)})`,
    text: licenceText(component),
  }));
  const loader = device.map(({ name, version, licence, text }) => ({
    title: `${name} ${version}, in the loader (${licence})`,
    text,
  }));
  const parts = [
    ...libraries,
    ...loader,
    { title: `Node.js ${node}, for devices without one`, text: readFileSync('out/device/node-LICENSE', 'utf8') },
    ...readdirSync(texts)
      .sort()
      .map((name) => ({ title: `Whole text: ${name}`, text: readFileSync(path.join(texts, name), 'utf8') })),
  ];
  const opening = 'Electron and Chromium: LICENSE.electron.txt and LICENSES.chromium.html one folder up.\n';
  return [
    opening,
    ...parts.map(({ title, text }) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.trim()}\n`),
  ].join('\n');
}

const folderOf = ({ name }) => path.join('node_modules', name);
/** npm names optional libraries of other machines too. */
const isHere = (component) => existsSync(folderOf(component));

function namesOf({ licenses = [] }) {
  return licenses.map(({ expression, license }) => expression ?? license.id ?? license.name).join(', ');
}

/** What the library itself brings; one that brings no file names a licence whose text stands at the end. */
function licenceText(component) {
  const folder = folderOf(component);
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && LICENCE_FILE.test(entry.name),
  );
  if (files.length > 0) return files.map(({ name }) => readFileSync(path.join(folder, name), 'utf8')).join('\n\n');
  const { author, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const by = typeof author === 'object' ? author.name : author;
  return `Licence: ${license ?? namesOf(component)}${by ? `\nAuthor: ${by}` : ''}\nSource: ${component.purl}`;
}
