/** Network flows as a person sees them: the real window, the real kernel of the virtual edge box. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { addPeer, HERE, PEER, serve, traffic } from '../device/flows-checks.ts';
import { type LiveWindow, openLiveWindow, PICTURE_MS, PICTURES } from './live-window.ts';

const PORT = 7001;
const CLOSED_PORT = 7009;
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
