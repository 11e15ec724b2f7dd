/** What a person has set, on a real disk. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings, usualChoices } from '../../../electron/bridge/settings.ts';
import { SettingsFile } from '../../../electron/shell/settings-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-settings-'));
  file = path.join(folder, 'user', 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => new SettingsFile(file, path.join(folder, 'recordings'));
const OTHERS: Settings = { theme: 'dark', probes: ['net-flows'], sampleHz: 49, recordingsFolder: null };

test('without a file they are the usual ones, and nothing is wrong', () => {
  expect(open().view()).toEqual({
    settings: DEFAULT_SETTINGS,
    folder: path.join(folder, 'recordings'),
    trouble: null,
  });
});

test('what is set is there at the next start, for the user alone', () => {
  open().set(OTHERS);
  expect(open().settings).toEqual(OTHERS);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
  ['no JSON', '{"version":1,'],
  ['another version', JSON.stringify({ version: 2, settings: OTHERS })],
  ['an unknown theme', JSON.stringify({ version: 1, settings: { ...OTHERS, theme: 'pink' } })],
  ['a probe that there is not', JSON.stringify({ version: 1, settings: { ...OTHERS, probes: ['x'] } })],
  ['no probe', JSON.stringify({ version: 1, settings: { ...OTHERS, probes: [] } })],
  ['a rate beyond all', JSON.stringify({ version: 1, settings: { ...OTHERS, sampleHz: 1e9 } })],
  ['something unknown', JSON.stringify({ version: 1, settings: { ...OTHERS, more: 1 } })],
])('a file with %s is put aside, which is told until something is set', (_, text) => {
  open().set(OTHERS);
  writeFileSync(file, text);
  const settings = open();
  expect(settings.settings).toEqual(DEFAULT_SETTINGS);
  expect(settings.view().trouble).toContain(`${file}.bad`);
  expect(readFileSync(`${file}.bad`, 'utf8')).toBe(text);
  expect(settings.set(OTHERS).trouble).toBeNull();
});

test('another folder for recordings is made, and used', () => {
  const settings = open();
  const other = path.join(folder, 'disk', 'recordings');
  expect(settings.set({ ...OTHERS, recordingsFolder: other }).folder).toBe(other);
  expect(existsSync(other)).toBe(true);
  expect(settings.set(DEFAULT_SETTINGS).folder).toBe(path.join(folder, 'recordings'));
});

test('a folder that cannot be one is refused in words, and nothing changes', () => {
  writeFileSync(path.join(folder, 'file'), '');
  const settings = open();
  for (const wrong of [path.join(folder, 'file'), path.join(folder, 'file', 'below')])
    expect(() => settings.set({ ...OTHERS, recordingsFolder: wrong })).toThrow(/cannot keep recordings in/);
  expect(settings.settings).toEqual(DEFAULT_SETTINGS);
});

test('what a session begins with: the usual rate is left to the device', () => {
  expect(usualChoices(DEFAULT_SETTINGS)).toEqual([
    { probe: 'cpu-profile', options: {} },
    { probe: 'syscalls', options: {} },
  ]);
  expect(usualChoices({ ...DEFAULT_SETTINGS, sampleHz: 49 })).toEqual([
    { probe: 'cpu-profile', options: { hz: '49' } },
    { probe: 'syscalls', options: {} },
  ]);
});
