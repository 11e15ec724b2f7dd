/**
 * Names of system calls and errors → remote-agent/protocol/generated/syscall-names.ts. Run it to learn the calls of a
 * newer kernel: `node build/syscall-tables.mjs`. Reads the kernel's own headers for every architecture, which Debian
 * keeps in one package, and the C library's words for errors. The newest headers are enough: numbers are never reused.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPrivateApt } from '../test/device/box/debian.mjs';
import { fail } from './steps.mjs';

const OUTPUT = 'remote-agent/protocol/generated/syscall-names.ts';
const SUITES = ['trixie', 'trixie-backports'];
const PACKAGE = 'linux-libc-dev/trixie-backports';
const UAPI = 'usr/lib/linux/uapi';

/** Constant of the output → headers that hold the numbers. */
const TABLES = {
  X86_64: ['x86/asm/unistd_64.h'],
  I386: ['x86/asm/unistd_32.h'],
  X32: ['x86/asm/unistd_x32.h'],
  ARM64: ['arm64/asm/unistd_64.h'],
  ARM: ['arm/asm/unistd-eabi.h', 'arm/asm/unistd.h'],
  RISCV64: ['riscv/asm/unistd_64.h'],
};

const ERRNO_HEADERS = ['usr/include/asm-generic/errno-base.h', 'usr/include/asm-generic/errno.h'];

/** `#define __NR_read 0`, `(__NR_SYSCALL_BASE + 0)`, `(__X32_SYSCALL_BIT + 0)`; an alias of another name is not taken. */
const CALL = /^#define\s+__NR_([a-z_]\w*)\s+\(?(?:(?:__NR_SYSCALL_BASE|__X32_SYSCALL_BIT)\s*\+\s*)?(\d+)\)?$/gm;
/** Calls of its own that the ARM kernel keeps far away from the others. */
const PRIVATE_ARM_CALL = /^#define\s+__ARM_NR_(\w+)\s+\(__ARM_NR_BASE\+(\d+)\)$/gm;
const PRIVATE_ARM_BASE = 0x0f0000;
const ERROR = /^#define\s+(E\w+)\s+(\d+)\s*\/\*\s*(.*?)\s*\*\//gm;

/** @param {string[]} texts @returns {Map<number, string>} */
function callsOf(texts) {
  const calls = new Map();
  const add = (/** @type {number} */ number, /** @type {string} */ name) => {
    if (calls.has(number)) throw new Error(`number ${number} is ${calls.get(number)} and ${name}`);
    calls.set(number, name);
  };
  for (const text of texts) {
    for (const [, name = '', number] of text.matchAll(CALL)) add(Number(number), name);
    for (const [, name = '', number] of text.matchAll(PRIVATE_ARM_CALL)) add(PRIVATE_ARM_BASE + Number(number), name);
  }
  if (calls.size < 300) throw new Error(`only ${calls.size} calls in a header: it is not written as it was`);
  return calls;
}

/** Names in the order of their numbers; `@N` where a number does not follow the one before. @param {Map<number, string>} names */
function packed(names) {
  let next = 0;
  const words = [];
  for (const [number, name] of [...names].toSorted(([a], [b]) => a - b)) {
    if (number !== next) words.push(`@${number}`);
    words.push(name);
    next = number + 1;
  }
  return words.join(' ');
}

/** @param {string} text @returns {{ number: number, name: string, comment: string }[]} */
function errorsOf(text) {
  return [...text.matchAll(ERROR)].map(([, name = '', number, comment = '']) => ({
    number: Number(number),
    name,
    comment,
  }));
}

/** What the C library says of every number up to `last`: the words people know from their programs. @param {number} last */
function libraryWords(last) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-errors-'));
  const source = `#include <stdio.h>\n#include <string.h>\nint main(void) { for (int i = 0; i <= ${last}; i++) puts(strerror(i)); }\n`;
  try {
    execFileSync('cc', ['-x', 'c', '-', '-o', path.join(folder, 'words')], { input: source });
    return execFileSync(path.join(folder, 'words'), { encoding: 'utf8', env: { LC_ALL: 'C' } }).split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} root where the headers were unpacked */
function generate(root) {
  const read = (/** @type {string} */ file) => readFileSync(path.join(root, file), 'utf8');
  const tables = Object.entries(TABLES).map(([table, files]) => {
    const calls = callsOf(files.map((file) => read(path.join(UAPI, file))));
    return `export const ${table} =\n  '${packed(calls)}';\n`;
  });
  const errors = ERRNO_HEADERS.flatMap((file) => errorsOf(read(file)));
  const words = libraryWords(Math.max(...errors.map(({ number }) => number)));
  const names = new Map(errors.map(({ number, name }) => [number, name]));
  const meanings = errors.map(({ number, comment }) => {
    const meaning = words[number] ?? '';
    return `  ${number}: ${JSON.stringify(meaning.startsWith('Unknown error') ? comment : meaning)},`;
  });
  return [
    `// Written by build/syscall-tables.mjs from the kernel's headers. Names follow each other; @N: the next one has number N.`,
    '',
    ...tables,
    `export const ERROR_NAMES =\n  '${packed(names)}';`,
    '',
    'export const ERROR_MEANINGS: Readonly<Record<number, string>> = {',
    ...meanings,
    '};',
    '',
  ].join('\n');
}

async function main() {
  const root = mkdtempSync(path.join(tmpdir(), 'sonde-headers-'));
  const apt = await openPrivateApt({ suites: SUITES, arch: 'x86_64' });
  try {
    const debs = await apt.unpack([PACKAGE], root);
    writeFileSync(OUTPUT, generate(root));
    console.log(`${OUTPUT} written from ${debs.join(' ')}`);
  } finally {
    await apt.close();
    rmSync(root, { recursive: true, force: true });
  }
}

await main().catch(fail);
