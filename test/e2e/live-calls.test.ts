/** System calls as a person sees them: the real window, the real kernel of the virtual edge box. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { type LiveWindow, openLiveWindow, PICTURE_MS, PICTURES } from './live-window.ts';

/** Opens a file that is not there, five times a second: a call, an error and a rate that are known. */
const FAILING = "setsid sh -c 'while :; do cat /no/such/file; sleep 0.2; done' </dev/null >/dev/null 2>&1 &";

let box: Box;
let live: LiveWindow;
let page: Page;

beforeAll(async () => {
  box = await bootBox({ variant: 'plain' });
  await box.ssh(FAILING);
  live = await openLiveWindow('live-calls', box);
  ({ page } = live);
});
afterAll(async () => {
  await live?.close();
  await box?.stop();
});
afterEach(() => expect(live.complaints).toEqual([]));

const search = (text: string) =>
  page.getByRole('searchbox', { name: /^Search calls/ }).fill(text, { timeout: PICTURE_MS });
const firstRow = (grid: string) => page.getByRole('grid', { name: grid }).getByRole('row').nth(1);

test('both probes start by themselves, and the calls of the box are named', async () => {
  await page.getByRole('tab', { name: 'System calls' }).click({ timeout: PICTURE_MS });
  // Each of them lives for milliseconds: counted, and named by what the kernel noted.
  await search('^cat \\(');
  await firstRow('System calls').waitFor({ timeout: PICTURE_MS });
  await expect.poll(() => firstRow('System calls').innerText(), { timeout: PICTURE_MS }).toContain('cat (');
  await search('nanosleep');
  await expect.poll(() => firstRow('System calls').innerText(), { timeout: PICTURE_MS }).toContain('sleep (');
  await search('');
  await page.screenshot({ path: `${PICTURES}/calls-live.png` });
});

test('what fails is told by call, error and process', async () => {
  await page.getByRole('tab', { name: 'Errors' }).click();
  await search('^openat .* cat \\(');
  await expect
    .poll(() => firstRow('Failed calls').innerText(), { timeout: PICTURE_MS })
    .toMatch(/openat\s+ENOENT\s+No such file or directory\s+cat \(/);
  await page.screenshot({ path: `${PICTURES}/calls-errors-live.png` });
  await search('');
  await page.getByRole('tab', { name: 'Calls', exact: true }).click();
});

test('from a row to the profile of its process, and back', async () => {
  await search('^sshd \\(');
  await firstRow('System calls').click();
  await page.getByRole('button', { name: 'Its CPU profile →' }).click();
  expect(await page.getByRole('tab', { selected: true }).first().innerText()).toBe('CPU profile');
  await page.getByRole('button', { name: 'System calls →' }).click();
  expect(await page.getByRole('grid', { name: 'System calls' }).isVisible()).toBe(true);
});

test('one probe is stopped and started again, with an option, while the other goes on', async () => {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('not running').waitFor({ timeout: PICTURE_MS });
  await page.getByRole('tab', { name: 'CPU profile' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'System calls' }).click();
  await page.getByRole('button', { name: 'Start…' }).click();
  await page.getByRole('textbox', { name: 'Process' }).fill('1');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText('Process 1 ·').waitFor({ timeout: PICTURE_MS });
});
