/** Network flows as a person sees them: the real window, the real kernel of the virtual edge box. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { addPeer, HERE, PEER, serve, traffic } from '../device/flows-checks.ts';
import { readPcapng } from '../unit/capture/pcapng-reader.ts';
import { type LiveWindow, openLiveWindow, PICTURE_MS, PICTURES } from './live-window.ts';

const PORT = 7001;
const CLOSED_PORT = 7009;
const HELD_PORT = 7003;
/** One connection with traffic for as long as anybody looks. */
const HELD = `/opt/workload/flows pingpong --address ${PEER} --port ${HELD_PORT} --count 100000 --every-ms 50`;
/** LINKTYPE_LINUX_SLL2 */
const COOKED_BYTES = 20;
const STREAM_BYTES = 3_000_000;
/** Somebody at work all the time, so that each window has something of each kind. */
const AT_WORK = `setsid sh -c 'while :; do
    /opt/workload/flows pingpong --address ${PEER} --port ${PORT} --count 20 --every-ms 50
    /opt/workload/flows connect --address ${PEER} --port ${CLOSED_PORT} --count 1
    getent hosts nowhere.example
    sleep 0.2
  done' < /dev/null > /dev/null 2>&1 &`;

let box: Box;
let live: LiveWindow;
let page: Page;

beforeAll(async () => {
  box = await bootBox({ variant: 'plain' });
  await addPeer(box);
  await box.ssh(`echo '${PEER} plc-press-1' >> /etc/hosts; echo 'nameserver ${PEER}' > /etc/resolv.conf`);
  live = await openLiveWindow('live-network', box);
  ({ page } = live);
});
afterAll(async () => {
  await live?.close();
  await box?.stop();
});
afterEach(() => expect(live.complaints).toEqual([]));

const PATIENT = { timeout: PICTURE_MS };
const rows = (grid: string) =>
  page.getByRole('grid', { name: grid, exact: true }).locator('.grid-body').getByRole('row');
const filter = (text: string) => page.getByRole('combobox', { name: 'Filter of the flows' }).fill(text, PATIENT);
const openTab = (name: string) => page.getByRole('tab', { name, exact: true }).click(PATIENT);
const firstRow = async (grid: string) => ((await rows(grid).count()) === 0 ? '' : await rows(grid).first().innerText());

test('started from its tab, it shows who talks to whom, with names of the box', async () => {
  await serve(box, `--address ${PEER} --port ${PORT}`);
  await box.ssh(AT_WORK);
  await openTab('Network flows');
  await page.getByRole('button', { name: 'Start network flows' }).click(PATIENT);
  await filter(`proc:flows port:${PORT} dir:out state:established`);
  await expect.poll(() => firstRow('Flows'), PATIENT).toContain('plc-press-1');
  expect(await firstRow('Flows')).toMatch(
    new RegExp(`flows \\(\\d+\\)\\s+tcp\\s+out\\s+${HERE}:\\d+\\s+${PEER}:${PORT}`),
  );
  await filter('');
  await page.screenshot({ path: `${PICTURES}/network-live.png` });
});

test('its own connection is not shown, and how much it carried is', async () => {
  await filter('port:22');
  await page.getByText(/Sonde’s own connection \([\d.]+ [kM]?B, not shown\)/).waitFor(PATIENT);
  await page.getByLabel(/Sonde’s own connection/).check();
  await expect.poll(() => firstRow('Flows'), PATIENT).toMatch(/sshd.*tcp\s+in/s);
  await page.getByLabel(/Sonde’s own connection/).uncheck();
});

test('what a program sent and received is what it says itself', async () => {
  const server = await serve(box, `--address ${PEER} --port 7002 --bytes ${STREAM_BYTES}`);
  await traffic(box, `stream --address ${PEER} --port 7002 --bytes ${STREAM_BYTES}`);
  await server.stop();
  await filter('dport:7002 dir:out');
  await expect.poll(() => firstRow('Flows'), PATIENT).toMatch(/closed.*3\.00 MB\s+3\.00 MB/s);
});

test('connections are told as they come, fail and go', async () => {
  await filter(`port:${CLOSED_PORT}`);
  await openTab('Connections');
  await expect.poll(() => firstRow('Connections'), PATIENT).toMatch(/failed.*ECONNREFUSED \(Connection refused\)/s);
  await filter(`port:${PORT}`);
  await expect.poll(() => firstRow('Connections'), PATIENT).toContain('flows (');
  await filter('');
  await page.screenshot({ path: `${PICTURES}/network-connections-live.png` });
});

test('the map has the program and its remote end', async () => {
  await openTab('Map');
  await page.getByRole('region', { name: 'Map' }).waitFor(PATIENT);
  await page.screenshot({ path: `${PICTURES}/network-map-live.png` });
});

test('a flow’s packets go into a file, over the same connection, and nothing else does', async () => {
  const file = path.join(live.folder, 'flow.pcapng');
  writeFileSync(file, 'an older file, which the user agreed to lose');
  await live.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await openTab('Flows');
  await serve(box, `--address ${PEER} --port ${HELD_PORT}`);
  await box.ssh(`setsid ${HELD} < /dev/null > /dev/null 2>&1 &`);
  await filter(`port:${HELD_PORT} dir:out state:established`);
  await expect.poll(() => firstRow('Flows'), PATIENT).toContain(`${PEER}:${HELD_PORT}`);
  const [, local = ''] = new RegExp(`${HERE}:(\\d+)`).exec(await firstRow('Flows')) ?? [];
  await rows('Flows').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Capture its packets/ }).click();
  const field = page.getByLabel('Filter', { exact: true });
  expect(await field.inputValue()).toBe(
    `tcp and host ${HERE} and port ${local} and host ${PEER} and port ${HELD_PORT}`,
  );
  const wanted = await field.inputValue();
  await field.fill('tcp prot 7003');
  await page.getByRole('button', { name: /^Choose a file/ }).click();
  await page.locator('.dialog .field-error', { hasText: 'cannot use the filter' }).waitFor(PATIENT);
  expect(readFileSync(file, 'utf8')).toMatch(/^an older file/);
  await field.fill(wanted);
  await page.getByRole('button', { name: /^Choose a file/ }).click();
  const bar = page.getByRole('region', { name: 'Packet capture' });
  await bar.locator('.capture-count', { hasText: /^\d{2,} packets/ }).waitFor(PATIENT);
  await page.screenshot({ path: `${PICTURES}/network-capture-live.png` });
  await bar.getByRole('button', { name: 'Stop' }).click();
  await bar.getByRole('button', { name: 'Show in folder' }).waitFor(PATIENT);
  const { packets, section } = readPcapng(readFileSync(file));
  expect(section.application).toMatch(/^Sonde/);
  expect(packets.length).toBeGreaterThan(9);
  for (const { bytes, comment } of packets) {
    expect(portsOf(bytes)).toEqual(new Set([Number(local), HELD_PORT]));
    expect(comment).toMatch(/flows/);
  }
  await filter('');
});

/** Of a TCP packet in IPv4 behind the header of a cooked capture. */
function portsOf(packet: Buffer): Set<number> {
  const ip = packet.subarray(COOKED_BYTES);
  const tcp = ip.subarray(((ip[0] ?? 0) & 15) * 4);
  return new Set([tcp.readUInt16BE(0), tcp.readUInt16BE(2)]);
}

test('questions that nobody answers, and packets that nobody wants', async () => {
  await openTab('DNS');
  await page.getByRole('button', { name: /^Start dns/i }).click(PATIENT);
  await expect
    .poll(() => rows('DNS queries').allInnerTexts(), PATIENT)
    .toContainEqual(expect.stringMatching(/nowhere\.example/));
  await page.screenshot({ path: `${PICTURES}/network-dns-live.png` });
  await openTab('Drops');
  await page.getByRole('button', { name: /^Start .*drop/i }).click(PATIENT);
  await expect
    .poll(() => rows('Dropped packets').allInnerTexts(), PATIENT)
    .toContainEqual(expect.stringMatching(/NO_SOCKET/));
  await page.screenshot({ path: `${PICTURES}/network-drops-live.png` });
});
