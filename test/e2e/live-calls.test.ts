/** System calls as a person sees them: the real window, the real kernel of the virtual edge box. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { type Application, openStage, type Stage } from './application.ts';

/** From Connect to the first picture, and for anything the device is asked, on a busy machine. */
const PICTURE_MS = 150_000;
const PICTURES = 'out/e2e';
/** Opens a file that is not there, five times a second: a call, an error and a rate that are known. */
const FAILING = "setsid sh -c 'while :; do cat /no/such/file; sleep 0.2; done' </dev/null >/dev/null 2>&1 &";

let box: Box;
let stage: Stage;
let home = '';
let opened: Application;
let page: Page;
/** What went wrong in the page itself. */
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  home = mkdtempSync(path.join(tmpdir(), 'sonde-home-'));
  [box, stage] = await Promise.all([bootBox({ variant: 'plain' }), openStage()]);
  const knownHosts = path.join(home, 'known-by-key');
  await box.writeKnownHosts(knownHosts);
  await box.ssh(FAILING);
  const target = [
    `--known-hosts=${knownHosts}`,
    `--connect=root@${box.host}:${box.port}`,
    `--identity=${box.users.root.identityFile}`,
  ];
  opened = await stage.launch(target, null, { HOME: home, SSH_AUTH_SOCK: '' });
  ({ page } = opened);
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
});

afterAll(async () => {
  await page?.screenshot({ path: `${PICTURES}/last-of-live-calls.png` }).catch(() => undefined); // closed already
  await opened?.app.close().catch(() => undefined); // as above
  await stage?.close();
  await box?.stop();
  rmSync(home, { recursive: true, force: true });
});

afterEach(() => expect(complaints).toEqual([]));

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
