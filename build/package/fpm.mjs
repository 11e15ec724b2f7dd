#!/usr/bin/env node
/**
 * Makes a deb of what electron-builder would give to fpm, with dpkg-deb alone: fpm would have to be downloaded.
 *
 * Takes fpm's arguments as electron-builder writes them: options with a value, and `from=to` for what goes in.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SCRIPTS = {
  'after-install': 'postinst',
  'after-remove': 'postrm',
  'before-install': 'preinst',
  'before-remove': 'prerm',
};
const FLAGS = new Set(['--force']);
/** xz's 6 saves a fourteenth and takes several times as long. */
const COMPRESSION = '-z2';
const NAMES = { '-s': 'source-type', '-t': 'type', '-d': 'depends' };

/** @param {readonly string[]} args */
function parse(args) {
  const options = {};
  const lists = { depends: [], 'deb-recommends': [] };
  const content = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (FLAGS.has(word)) continue;
    if (!word.startsWith('-')) {
      const cut = word.lastIndexOf('=');
      content.push({ from: word.slice(0, cut), to: word.slice(cut + 1) });
      continue;
    }
    const name = NAMES[word] ?? word.slice(2);
    const value = args[++at];
    if (lists[name]) lists[name].push(value);
    else options[name] = value;
  }
  return { options, lists, content };
}

function copyIn(root, { from, to }) {
  const isFolder = from.endsWith('/');
  const target = path.join(root, to);
  mkdirSync(isFolder ? target : path.dirname(target), { recursive: true });
  execFileSync('cp', ['-a', isFolder ? `${from}.` : from, target]);
}

/** Folders that anybody may enter, whatever the umask of whoever builds. */
function openFolders(folder) {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (lstatSync(file).isDirectory()) openFolders(file);
  }
}

function control({ options, lists }, root) {
  const kilobytes = execFileSync('du', ['-sk', '--apparent-size', root], { encoding: 'utf8' }).split('\t')[0];
  const [title, ...rest] = (options.description ?? options.name).trim().split('\n');
  return [
    `Package: ${options.name}`,
    `Version: ${options.version}`,
    `Architecture: ${options.architecture}`,
    `Maintainer: ${options.maintainer}`,
    `Installed-Size: ${kilobytes}`,
    lists.depends.length > 0 && `Depends: ${lists.depends.join(', ')}`,
    lists['deb-recommends'].length > 0 && `Recommends: ${lists['deb-recommends'].join(', ')}`,
    `Section: ${options.category ?? 'devel'}`,
    `Priority: ${options['deb-priority'] ?? 'optional'}`,
    `Description: ${[title, ...rest.map((line) => ` ${line.trim() || '.'}`)].join('\n')}`,
    '',
  ]
    .filter((line) => line !== false && line !== undefined)
    .join('\n');
}

const asked = parse(process.argv.slice(2));
const { options, content } = asked;
if (options.type !== 'deb') throw new Error(`cannot make a package of type ${options.type}: only deb`);
const root = mkdtempSync(path.join(tmpdir(), 'sonde-deb-'));
try {
  for (const part of content) copyIn(root, part);
  openFolders(root);
  const text = control(asked, root);
  const debian = path.join(root, 'DEBIAN');
  mkdirSync(debian, { mode: 0o755 });
  writeFileSync(path.join(debian, 'control'), text);
  for (const [option, script] of Object.entries(SCRIPTS)) {
    if (!options[option]) continue;
    copyFileSync(options[option], path.join(debian, script));
    chmodSync(path.join(debian, script), 0o755);
  }
  rmSync(options.package, { force: true });
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', COMPRESSION, '--build', root, options.package], {
    stdio: 'inherit',
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
