/** The library and sharing in the built application: recordings found, noted, deleted; one saved without names. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { type Application, openStage, type Stage } from './application.ts';

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');
const PATIENT = { timeout: 120_000 };

let stage: Stage;
let opened: Application;
let page: Page;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  opened = await stage.launch();
  page = opened.page;
  folder = path.join(opened.userData, 'recordings');
  mkdirSync(folder, { recursive: true });
  copyFileSync(RECORDING, path.join(folder, 'edge-7-20250102-030405.sonde.mcap'));
  copyFileSync(RECORDING, path.join(folder, 'edge-8-20250103-030405.sonde.mcap'));
  writeFileSync(path.join(folder, 'odd-20250104-030405.sonde.mcap'), 'milk, bread');
  await page.reload();
});
afterAll(() => stage?.close());

const rows = () => page.getByRole('grid', { name: 'Recordings' }).getByRole('row');
/** The fixture's device; both copies are of it. */
const good = () => rows().filter({ hasText: 'CPU profile' });

test('lists what is in the recordings, and what cannot be read with the reason', async () => {
  await page.getByRole('button', { name: 'All recordings' }).click(PATIENT);
  await good().nth(1).waitFor(PATIENT);
  await rows().filter({ hasText: 'not an MCAP file' }).waitFor(PATIENT);
  expect(await rows().count()).toBe(4); // with the head
});

test('keeps a note, also over a start, and finds the recording by it', async () => {
  await good().first().click();
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).fill('valve stuck');
  await page.keyboard.press('Enter');
  await rows().filter({ hasText: 'valve stuck' }).waitFor(PATIENT);
  expect(readFileSync(path.join(opened.userData, 'library.json'), 'utf8')).toContain('valve stuck');
  await page.getByRole('searchbox', { name: 'Search recordings' }).fill('valve');
  await expect.poll(() => rows().count(), PATIENT).toBe(2);
  await page.getByRole('searchbox', { name: 'Search recordings' }).fill('');
});

test('moves to the trash after a question; where there is none, asks whether for ever', async () => {
  const odd = path.join(folder, 'odd-20250104-030405.sonde.mcap');
  await opened.app.evaluate(({ shell }) => {
    shell.trashItem = () => Promise.reject(new Error('there is no trash'));
  });
  await rows().filter({ hasText: 'not an MCAP file' }).click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Move to the trash' }).click();
  await page.getByRole('dialog').filter({ hasText: 'there is no trash' }).waitFor(PATIENT);
  expect(existsSync(odd)).toBe(true);
  await page.getByRole('button', { name: 'Delete for ever' }).click();
  await expect.poll(() => rows().count(), PATIENT).toBe(3);
  expect(existsSync(odd)).toBe(false);
});

test('opens a recording, and saves it for others without the names in it', async () => {
  const file = path.join(opened.userData, 'shared.sonde.mcap');
  await opened.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await good().first().dblclick();
  await page.getByRole('button', { name: 'Share…' }).click(PATIENT);
  await page.getByRole('radio', { name: 'Strict' }).click();
  await page.getByRole('list', { name: 'What is hidden' }).getByText('device-1').waitFor(PATIENT);
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByText('Saved for sharing').waitFor(PATIENT);
  const [before, after] = await Promise.all([facts(RECORDING), facts(file)]);
  expect(after).toEqual({ ...before, hostname: 'device-1' });
  expect(before.hostname).not.toBe('device-1');
  await opened.close();
});

async function facts(file: string) {
  const reader = await openRecording(file);
  let kept = 0;
  for await (const signal of reader.signals()) if (signal.kind === 'window') kept += signal.counters.kept;
  const { hostname, complete } = reader.info;
  await reader.close();
  return { hostname, complete, kept, warning: reader.warning };
}
