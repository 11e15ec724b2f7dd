import { expect, onTestFinished, test, vi } from 'vitest';
import { parseFound, readUnattended } from '../../../electron/device/unattended.ts';
import {
  deleteScript,
  LIST_SCRIPT,
  readScript,
  startScript,
  stopScript,
} from '../../../electron/device/unattended-script.ts';
import { shCommand } from '../../../electron/device/script.ts';
import { faultOf } from '../../../remote-agent/protocol/index.ts';
import { fakeDevice } from '../capture/fake-device.ts';

const ID = '20261123-010203-abcdef';
const STATUS = JSON.stringify({ id: ID, state: 'ended', reason: 'its time is over', seconds: 60 });

test('what the device lists is read, and what is not ours is passed over', () => {
  const found = parseFound([
    'flight /var/lib/sonde/flight/20261124-010203-abcdef 0 812',
    'sonde-status ',
    `flight /var/lib/sonde/flight/${ID} 4711 0`,
    `sonde-status ${STATUS}`,
    'flight /var/lib/sonde/flight/odd 1 0',
    `flight /var/lib/$(reboot)/${ID} 1 0`,
    'looked',
  ]);
  expect(found.map(({ id, bytes, pid, status }) => ({ id, bytes, pid, reason: status?.reason ?? null }))).toEqual([
    { id: ID, bytes: 4711, pid: 0, reason: 'its time is over' },
    { id: '20261124-010203-abcdef', bytes: 0, pid: 812, reason: null },
  ]);
});

test('a device that stops sending is not waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { shell, channel, exit } = fakeDevice();
  const found = { id: ID, folder: `/d/flight/${ID}`, bytes: 100, pid: 0, status: null };
  const pieces: Buffer[] = [];
  const reading = readUnattended(shell, found, 0, async (piece) => void pieces.push(piece)).catch(faultOf);
  channel.stdout.write('some of it');
  await vi.advanceTimersByTimeAsync(100_000);
  channel.stdout.write(' and more');
  await vi.advanceTimersByTimeAsync(119_000);
  expect(Buffer.concat(pieces).toString()).toBe('some of it and more');
  await vi.advanceTimersByTimeAsync(10_000);
  channel.stdout.destroy(); // as the connection does with what was killed
  exit(null);
  expect(await reading).toMatchObject({ code: 'link-lost', message: expect.stringContaining('19 of 100 bytes came') });
});

test('one that would not fit on any disk is not begun', async () => {
  const { shell, commands } = fakeDevice();
  const found = { id: ID, folder: `/d/flight/${ID}`, bytes: 1e19, pid: 0, status: null };
  await expect(readUnattended(shell, found, 0, async () => {})).rejects.toThrow('more than any may have');
  expect(commands).toEqual([]);
});

test('a status of another recording is none', () => {
  const [found] = parseFound([
    `flight /var/lib/sonde/flight/${ID} 1 0`,
    `sonde-status ${STATUS.replace(ID, '20261125-010203-abcdef')}`,
  ]);
  expect(found?.status).toBeNull();
});

test('its commands pass through any login shell', () => {
  const installation = {
    dir: '/d',
    loader: '/d/loader-1',
    agent: '/d/agent-1.cjs',
    node: '/usr/bin/node',
    nodeVersion: '',
    ownNode: false,
  };
  const folder = `/d/flight/${ID}`;
  const commands = [
    startScript(installation, ID),
    shCommand(LIST_SCRIPT),
    readScript(folder, 7),
    stopScript(folder, 9),
    deleteScript(folder),
  ];
  for (const command of commands) expect(command).toMatch(/^exec sh -c '[^'\n]+'$/);
  expect(commands[2]).toContain('tail -c +8 ');
  expect(() => readScript('/d/$(reboot)', 0)).toThrow();
});
