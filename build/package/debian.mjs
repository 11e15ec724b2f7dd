/**
 * What a deb has besides the application: its command in the path, and what Debian looks for in /usr/share. Generated from the
 * command line's own help, CHANGELOG.md and LICENSE.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const COMMAND_LINE = 'out/cli/sonde.mjs';

/** @param {{ folder: string, version: string, maintainer: string }} options `folder`: becomes `/usr` */
export function layOutDebian({ folder, version, maintainer }) {
  rmSync(folder, { recursive: true, force: true });
  const put = (name, bytes) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  };
  put('share/doc/sonde/copyright', copyright());
  put('share/doc/sonde/changelog.gz', zipped(debianChangelog({ version, maintainer })));
  put('share/man/man1/sonde.1.gz', zipped(manual(version)));
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync('../../opt/Sonde/bin/sonde', path.join(folder, 'bin/sonde'));
}

/** The time of making is not in it: the same bytes from the same files. */
const zipped = (text) => gzipSync(text, { level: 9 });

function copyright() {
  return `${readFileSync('LICENSE', 'utf8')}
What else is in the package, under which licences: /opt/Sonde/notices/LICENCES.txt, and Electron's own files beside that folder.
`;
}

/** The points below the newest heading of CHANGELOG.md, as Debian writes them. */
function debianChangelog({ version, maintainer }) {
  const [, section = ''] = readFileSync('CHANGELOG.md', 'utf8').split(/^## .*$/m);
  const points = section
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/^(?:- )?/, (mark) => (mark ? '  * ' : '  ')));
  const date = execFileSync('date', [
    '-R',
    '-u',
    '-d',
    `@${process.env.SOURCE_DATE_EPOCH ?? Math.floor(Date.now() / 1000)}`,
  ]);
  return `sonde (${version}) unstable; urgency=medium\n\n${points.join('\n')}\n\n -- ${maintainer}  ${date}`;
}

/** One page of all that `sonde help` says. */
function manual(version) {
  const overview = help();
  const more = overview.indexOf('More help:');
  const topics = overview.slice(more).flatMap((line) => /^ {2}sonde help (\S+)/.exec(line)?.[1] ?? []);
  const section = (title, lines) => [`.SH ${title.toUpperCase()}`, '.nf', ...lines.map(escaped), '.fi'];
  return [
    `.TH SONDE 1 "" "sonde ${version}"`,
    '.SH NAME',
    'sonde \\- look inside one Linux edge box over SSH',
    '.SH SYNOPSIS',
    '.B sonde',
    '[RECORDING]',
    '.br',
    '.B sonde',
    'COMMAND [options]',
    '.SH DESCRIPTION',
    'Without a command the window opens, with the recording that is named.',
    ...section('commands', overview.slice(2, more)),
    ...topics.flatMap((topic) => section(topic, help(topic))),
    '',
  ].join('\n');
}

/** As roff wants it; not every terminal has the other characters. */
const escaped = (line) =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('…', '...')
    .replaceAll(/[“”]/g, '"')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');

function help(...topic) {
  const text = execFileSync(process.execPath, [COMMAND_LINE, 'help', ...topic, '--json'], { encoding: 'utf8' });
  return JSON.parse(text).lines;
}
