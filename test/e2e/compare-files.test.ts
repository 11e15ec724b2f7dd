/** Two real recordings, compared in the built application. */
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Application, openStage, type Stage } from './application.ts';
import { sessionHosts } from './session-hosts.ts';
import { removeFolder } from '../remove-folder.ts';

const SAMPLE = path.resolve('electron/shell/sample.sonde.mcap');
const OLD = path.resolve('test/fixtures/recordings/v1.sonde.mcap');
/** A busy machine starts a process for each recording. */
const PATIENT = { timeout: 120_000 };

let stage: Stage;
let opened: Application;
const userData = mkdtempSync(path.join(tmpdir(), 'sonde-e2e-'));

beforeAll(async () => {
  const folder = path.join(userData, 'recordings');
  mkdirSync(folder, { recursive: true });
  copyFileSync(OLD, path.join(folder, 'edge-7-20250102-030405.sonde.mcap'));
  stage = await openStage();
  opened = await stage.launch([SAMPLE], userData);
});
afterAll(async () => {
  await opened?.close();
  await stage?.close();
  removeFolder(userData);
});

test('a recording from the list beside the one that is open, and back', async () => {
  const { page, app } = opened;
  await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: /^edge-7/ }).click();
  await page.getByRole('heading', { name: 'Compare' }).waitFor(PATIENT);
  expect(await page.getByRole('button', { name: /^Before edge-box/ }).innerText()).toContain('3.0 s');
  expect(await page.getByRole('button', { name: /^After edge/ }).innerText()).toContain('1 min 28 s');
  expect(await page.locator('.compare-notes').innerText()).toMatch(/Few samples: 6 → 7423/);
  await page.getByRole('tab', { name: 'Functions' }).click();
  await page.getByRole('row').filter({ hasText: 'alpha' }).first().waitFor(PATIENT);
  // Once it is read, nothing of the second one is kept running.
  await expect.poll(async () => (await sessionHosts(app)).length, PATIENT).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'System calls' }).waitFor(PATIENT);
});
