/** A capture that the window asked for: grants, files, bounds, ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CaptureOrder, CaptureView } from '../../../electron/bridge/index.ts';
import { CaptureDesk } from '../../../electron/host/capture-desk.ts';
import { Grants } from '../../../electron/host/grants.ts';
import type { ReachedDevice } from '../../../electron/session/index.ts';
import { encodeWire, WIRE } from '../../../remote-agent/protocol/index.ts';
import { type FakeDevice, fakeDevice, say } from '../capture/fake-device.ts';
import { readPcapng } from '../capture/pcapng-reader.ts';
import { FakeClock } from '../session/fake-clock.ts';

const FACTS = {
  hostname: 'box',
  machine: 'x86_64',
  osName: 'Debian',
  kernelRelease: '6.1',
  clockOffsetMs: 0,
} as ReachedDevice['facts'];

let folder: string;
let order: CaptureOrder;
let device: FakeDevice;
let clock: FakeClock;
let views: CaptureView[];
let grants: Grants;
let isReached: boolean;
let desk: CaptureDesk;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-capture-'));
  order = {
    file: path.join(folder, 'a.pcapng'),
    filter: 'tcp port 1883',
    snapBytes: 256,
    rateBytes: null,
    ratePackets: null,
    maxBytes: null,
    maxSeconds: null,
  };
  device = fakeDevice();
  clock = new FakeClock();
  views = [];
  grants = new Grants(50);
  isReached = true;
  desk = new CaptureDesk({
    device: () => (isReached ? { shell: device.shell, loader: '/loader', facts: FACTS } : null),
    grants,
    clock,
    show: (view) => views.push(view),
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const untilEnded = () =>
  expect
    .poll(() => views.at(-1)?.kind)
    .toBe('ended')
    .then(() => views.at(-1));
const untilRunning = () => expect.poll(() => views.at(-1)?.kind).toBe('running');
const send = (...messages: Uint8Array[]) => messages.forEach((message) => device.channel.stdout.write(message));
const refusal = (code: string, message: string) =>
  encodeWire(WIRE.fault, Buffer.from([code, message, 'try another', ''].map((text) => `${text}\0`).join('')));

test('packets go into the file that was chosen, in the place of what was there', async () => {
  writeFileSync(order.file, 'an older file');
  grants.grant(order.file);
  desk.start(order);
  await expect.poll(() => device.commands.length).toBe(1);
  expect(device.commands[0]).toContain('--filter tcp%20port%201883');
  expect(readFileSync(order.file, 'utf8'), 'nothing is lost before packets come').toBe('an older file');
  send(say.begin({ address: [10, 0, 2, 2], port: 4000 }), say.interface(0, 'lo'), say.packets({}, {}));
  await untilRunning();
  desk.stop();
  expect(views.at(-1)).toMatchObject({ kind: 'running', isStopping: true, hasOwn: false });
  await device.asked;
  send(say.counters(2, { ring: 3 }), say.end());
  device.exit(0);
  expect(await untilEnded()).toMatchObject({
    how: 'asked',
    hasFile: true,
    fault: null,
    count: { packets: 2, lostPackets: 3 },
  });
  const { packets } = readPcapng(readFileSync(order.file));
  expect(packets).toHaveLength(2);
});

test('a filter that the device refuses leaves nothing behind, and what was there untouched', async () => {
  writeFileSync(order.file, 'an older file');
  grants.grant(order.file);
  desk.start(order);
  send(refusal('bad-option', 'cannot use the filter: syntax error'));
  device.exit(1);
  expect(await untilEnded()).toMatchObject({
    how: 'failed',
    hasFile: false,
    fault: { code: 'bad-option', message: 'cannot use the filter: syntax error', hint: 'try another' },
  });
  expect(readFileSync(order.file, 'utf8')).toBe('an older file');
});

test('it ends by itself when the time is up', async () => {
  grants.grant(order.file);
  desk.start({ ...order, maxSeconds: 20 });
  send(say.begin());
  await untilRunning();
  expect(views.at(-1)).toMatchObject({ hasOwn: true });
  await clock.pass(20_000);
  await device.asked;
  send(say.counters(0), say.end());
  device.exit(0);
  expect(await untilEnded()).toMatchObject({ how: 'max-seconds', seconds: 20, hasFile: true });
});

test('a file that was not chosen is not written; a second order while one runs is passed over', async () => {
  desk.start({ ...order, file: path.join(folder, 'other') });
  desk.start(order);
  grants.grant(order.file);
  expect(await untilEnded()).toMatchObject({ fault: { code: 'file-io' }, hasFile: false });
  expect(device.commands).toEqual([]);
  expect(existsSync(order.file)).toBe(false);
});

test('while the device is away it is refused by name', async () => {
  isReached = false;
  grants.grant(order.file);
  desk.start(order);
  expect(await untilEnded()).toMatchObject({ fault: { code: 'link-lost' }, hasFile: false });
});

test('a link that breaks keeps what came', async () => {
  grants.grant(order.file);
  desk.start(order);
  send(say.begin(), say.interface(0, 'lo'), say.packets({}));
  device.exit(null);
  expect(await untilEnded()).toMatchObject({ fault: { code: 'link-lost' }, hasFile: true, count: { packets: 1 } });
  expect(readPcapng(readFileSync(order.file)).packets).toHaveLength(1);
});

test('the end of the session waits for it, but not for ever', async () => {
  await desk.close();
  grants.grant(order.file);
  desk.start(order);
  send(say.begin());
  await untilRunning();
  let isClosed = false;
  const closed = desk.close().then(() => (isClosed = true));
  await device.asked;
  expect(isClosed).toBe(false);
  await clock.pass(3000);
  await closed;
  device.exit(null);
  await untilEnded();
});
