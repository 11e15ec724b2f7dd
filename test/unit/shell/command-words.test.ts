/** Which starts are commands and which open a window: as the application sees it, and as bin/sonde of a package does. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../electron/cli/commands.ts';
import { commandWords } from '../../../electron/shell/arguments.ts';

const COMMAND_STARTS = [
  ['doctor', 'root@edge-box'],
  ['export', 'a b.sonde.mcap', '--format', 'folded', '-o', '-'],
  ['doctr', 'root@edge-box'],
  ['--help'],
  ['-h'],
  ['--version'],
  ['-V'],
];
const WINDOW_STARTS = [
  [],
  [''],
  ['night.sonde.mcap'],
  ['/home/ann/record'],
  ['./record'],
  ['--connect=root@edge-box'],
  ['--remote-debugging-port=0', 'doctor'],
];

test('a packaged application takes commands from its words, one from a folder only behind the mark', () => {
  for (const words of COMMAND_STARTS) {
    expect(commandWords(words, true)).toEqual(words);
    expect(commandWords(words, false)).toBeNull();
  }
  for (const words of WINDOW_STARTS) expect(commandWords(words, true)).toBeNull();
  expect(commandWords(['--no-sandbox', '--cli', '--', 'top', '--cli', '--'], false)).toEqual(['top', '--cli', '--']);
  expect(commandWords(['--cli'], true)).toBeNull();
});

test('every command is a word that is taken for one', () => {
  for (const { name } of COMMANDS) expect(commandWords([name], true)).toEqual([name]);
});

describe('bin/sonde', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sonde-bin-'));
    for (const name of ['app/bin', 'usr']) mkdirSync(path.join(folder, name), { recursive: true });
    copyFileSync('build/package/sonde.sh', path.join(folder, 'app/bin/sonde'));
    writeFileSync(path.join(folder, 'app/sonde'), '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n');
    for (const name of ['bin/sonde', 'sonde']) chmodSync(path.join(folder, 'app', name), 0o755);
    symlinkSync('../app/bin/sonde', path.join(folder, 'usr/sonde'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const started = (words: readonly string[]): string[] =>
    execFileSync(path.join(folder, 'usr/sonde'), words, { encoding: 'utf8' }).split('\n').slice(0, -1);

  test('tells the application that it is a command, and what', () => {
    for (const words of COMMAND_STARTS) expect(commandWords(started(words), false)).toEqual(words);
  });

  test('all else goes to the application as it is, with its sandbox', () => {
    for (const words of WINDOW_STARTS) expect(started(words)).toEqual(words);
  });

  test('finds the application of macOS from among its resources', () => {
    const contents = path.join(folder, 'Sonde.app/Contents');
    for (const name of ['Resources/bin', 'MacOS']) mkdirSync(path.join(contents, name), { recursive: true });
    copyFileSync('build/package/sonde.sh', path.join(contents, 'Resources/bin/sonde'));
    copyFileSync(path.join(folder, 'app/sonde'), path.join(contents, 'MacOS/Sonde'));
    chmodSync(path.join(contents, 'Resources/bin/sonde'), 0o755);
    symlinkSync('../Sonde.app/Contents/Resources/bin/sonde', path.join(folder, 'usr/sonde-of-macos'));
    const said = execFileSync(path.join(folder, 'usr/sonde-of-macos'), ['doctor', 'a b'], { encoding: 'utf8' });
    expect(commandWords(said.split('\n').slice(0, -1), false)).toEqual(['doctor', 'a b']);
  });
});

test('on Windows a script starts the program beside it with all its words, and ends as it ended', () => {
  const script = readFileSync('build/package/sonde.cmd', 'latin1');
  // Lines of one kind: a mixture is read wrongly there.
  expect(script.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  const commands = script.split('\r\n').filter((line) => line !== '' && !line.startsWith('rem '));
  expect(commands).toEqual(['@echo off', '"%~dp0..\\Sonde.exe" %*', 'exit /b %ERRORLEVEL%']);
});
