/** What perf wrote, opened in the real window, and what the window makes of it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { type Application, openStage, type Stage } from './application.ts';

const PERF = path.resolve('test/fixtures/imports/perf-script.txt');
const PATIENT = { timeout: 180_000 };
let stage: Stage;
let opened: Application;

beforeAll(async () => {
  stage = await openStage();
  opened = await stage.launch([PERF]);
});
afterAll(() => stage?.close());

async function exported(button: RegExp, name: string): Promise<string> {
  const { app, page, userData } = opened;
  const file = path.join(userData, name);
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByRole('button', { name: 'Export…' }).click(PATIENT);
  await page.getByRole('button', { name: button }).click(PATIENT);
  await expect.poll(() => existsSync(file), PATIENT).toBe(true);
  return file;
}

test('its functions are shown', async () => {
  const { page } = opened;
  await page.getByText('edge-box').first().waitFor(PATIENT);
  await page.getByRole('tab', { name: 'Functions' }).click(PATIENT);
  await page.getByText('leaf_a').first().waitFor(PATIENT);
  expect(await page.getByText('leaf_b').count()).toBeGreaterThan(0);
});

test('a picture and a report are made of it by the session process', async () => {
  const png = readFileSync(await exported(/^PNG/, 'flame.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const html = readFileSync(await exported(/^Report/, 'report.html'), 'utf8');
  expect(html).toContain('"leaf_a"');
});

test('it has a summary, and is saved as a recording with the marks that were put into it', async () => {
  const { app, page, userData } = opened;
  await page.getByRole('tab', { name: 'Summary' }).click(PATIENT);
  await page
    .getByRole('button', { name: /leaf_a/ })
    .first()
    .waitFor(PATIENT);
  await page.keyboard.press('m');
  await page.getByRole('form', { name: 'New mark' }).getByRole('textbox').fill('before the update');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Summary' }).getByText('before the update').waitFor(PATIENT);
  const file = path.join(userData, 'saved.sonde.mcap');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByRole('button', { name: 'Save as a recording…' }).click(PATIENT);
  await expect.poll(() => existsSync(file), PATIENT).toBe(true);
  const reader = await openRecording(file);
  expect((await reader.marks()).map(({ text }) => text)).toEqual(['before the update']);
  expect(reader.info.hostname).toBe('edge-box');
  await reader.close();
});
