import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentDevices } from '../../../electron/shell/recent-devices.ts';
import { recentRecordings } from '../../../electron/shell/recent-recordings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-recents-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const device = (destination: string) => ({
  destination,
  identityFiles: [],
  lastUsedMs: 1,
  hostname: 'edge',
  osName: 'Debian',
});

test('the device used last is first, and is there once', () => {
  const devices = new RecentDevices(path.join(folder, 'new', 'devices.json'));
  for (const destination of ['a', 'b', 'a']) devices.remember(device(destination));
  expect(devices.list().map(({ destination }) => destination)).toEqual(['a', 'b']);
  devices.forget('a');
  expect(devices.list().map(({ destination }) => destination)).toEqual(['b']);
});

test('twenty devices are remembered', () => {
  const devices = new RecentDevices(path.join(folder, 'devices.json'));
  for (let i = 0; i < 25; i++) devices.remember(device(`box-${i}`));
  expect(devices.list()).toHaveLength(20);
  expect(devices.list()[0]?.destination).toBe('box-24');
});

test('the list is private to the user and written whole', () => {
  const devices = new RecentDevices(path.join(folder, 'devices.json'));
  devices.remember(device('a'));
  expect(statSync(path.join(folder, 'devices.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['devices.json']);
});

test.each([
  ['no JSON', '{"version":1,'],
  ['another version', '{"version":2,"devices":[]}'],
  ['a device without a name', '{"version":1,"devices":[{"destination":""}]}'],
  ['a secret that does not belong there', JSON.stringify({ version: 1, devices: [{ ...device('a'), password: 'x' }] })],
])('a file with %s is set aside and the list starts anew', (_, text) => {
  const file = path.join(folder, 'devices.json');
  writeFileSync(file, text);
  const devices = new RecentDevices(file);
  expect(devices.list()).toEqual([]);
  expect(readFileSync(`${file}.bad`, 'utf8')).toBe(text);
  devices.remember(device('b'));
  expect(devices.list()).toHaveLength(1);
});

test('recordings are told by their names, newest first; what is none is passed over', async () => {
  writeFileSync(path.join(folder, 'edge-7-20250102-030405.sonde.mcap'), 'x');
  writeFileSync(path.join(folder, 'edge-7-20250102-030406-2.sonde.mcap'), 'xx');
  writeFileSync(path.join(folder, 'renamed by me.sonde.mcap'), 'xxx');
  utimesSync(path.join(folder, 'renamed by me.sonde.mcap'), 0, 0);
  writeFileSync(path.join(folder, 'notes.txt'), 'x');
  mkdirSync(path.join(folder, 'folder.sonde.mcap'));
  expect(await recentRecordings(folder)).toEqual([
    {
      file: path.join(folder, 'edge-7-20250102-030406-2.sonde.mcap'),
      hostname: 'edge-7',
      startedMs: new Date(2025, 0, 2, 3, 4, 6).getTime(),
      bytes: 2,
    },
    {
      file: path.join(folder, 'edge-7-20250102-030405.sonde.mcap'),
      hostname: 'edge-7',
      startedMs: new Date(2025, 0, 2, 3, 4, 5).getTime(),
      bytes: 1,
    },
    { file: path.join(folder, 'renamed by me.sonde.mcap'), hostname: 'renamed by me', startedMs: 0, bytes: 3 },
  ]);
});

test('no folder, no recordings', async () => expect(await recentRecordings(path.join(folder, 'none'))).toEqual([]));
