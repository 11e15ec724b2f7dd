/** What happens to a session when its window is closed or its process is killed. The device is made up, the processes are not. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { type Application, openStage, type Stage } from './application.ts';
import { bundleMadeUpHost, makeUpDevices } from './made-up/device.ts';
import { sessionHosts } from './session-hosts.ts';

/** A busy machine shows a window late. */
const PATIENT = { timeout: 120_000 };
/** What the application promises to need at most for saying goodbye, and what a busy machine adds. */
const GONE_MS = 30_000;

let stage: Stage;
let opened: Application;
let page: Page;
let pretending: { stop(): Promise<void> };
beforeAll(async () => {
  [stage] = await Promise.all([openStage(), bundleMadeUpHost()]);
});
afterAll(() => stage?.close());
beforeEach(async () => {
  opened = await stage.launch();
  ({ page } = opened);
  pretending = await makeUpDevices(opened);
  await page.getByRole('textbox', { name: 'Device' }).fill('root@made-up');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
  await page.getByText(/0:0[2-9]$/).waitFor(PATIENT); // some seconds are recorded
});
afterEach(() => opened?.app.close().catch(() => undefined)); // the test closed it already

const host = async (app: ElectronApplication): Promise<number> => (await sessionHosts(app))[0] ?? 0;
/** As the button of the window's frame does it. */
const closeWindow = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
const exitOf = ({ app }: Application) =>
  new Promise<number | null>((resolve, reject) => {
    app.process().once('exit', resolve);
    setTimeout(() => reject(new Error('it goes on')), GONE_MS);
  });
const question = () => page.getByRole('dialog', { name: 'Quit Sonde?' });
const recordingFile = (): string => {
  const folder = path.join(opened.userData, 'recordings');
  const [name] = readdirSync(folder).filter((each) => each.endsWith('.sonde.mcap'));
  if (!name) throw new Error('nothing was recorded');
  return path.join(folder, name);
};
async function secondsIn(file: string): Promise<{ readonly seconds: number; readonly complete: boolean }> {
  const reader = await openRecording(file);
  let windows = 0;
  for await (const batch of reader.batches()) windows += batch.filter(({ kind }) => kind === 'window').length;
  const { complete } = reader.info;
  await reader.close();
  return { seconds: windows, complete };
}

describe('closing the window while a device is watched', () => {
  test('asks; Escape and Enter stay, and the session goes on', async () => {
    for (const key of ['Escape', 'Enter']) {
      await closeWindow(opened.app);
      await question().waitFor(PATIENT);
      await page.keyboard.press(key);
      await question().waitFor({ ...PATIENT, state: 'detached' });
    }
    expect(await page.getByText('Live').count()).toBeGreaterThan(0);
    expect(await host(opened.app)).toBeGreaterThan(0);
  });

  test('Stop saves the recording whole and leaves', async () => {
    await closeWindow(opened.app);
    const exit = exitOf(opened);
    await question().getByRole('button', { name: 'Stop, save and quit' }).click(PATIENT);
    await exit;
    expect(await secondsIn(recordingFile())).toMatchObject({ complete: true });
  });

  test('the device is told to go on by itself, and then it leaves', async () => {
    await closeWindow(opened.app);
    const exit = exitOf(opened);
    await question().getByRole('button', { name: 'Keep recording on the device' }).click(PATIENT);
    await exit;
  });

  test('without an answer a second time closes, and the recording is saved', async () => {
    await closeWindow(opened.app);
    await question().waitFor(PATIENT);
    const exit = exitOf(opened);
    await closeWindow(opened.app);
    await exit;
    expect(await secondsIn(recordingFile())).toMatchObject({ complete: true });
  });

  test('a system that ends is not kept waiting: no question, and the recording is saved', async () => {
    const exit = exitOf(opened);
    opened.app.process().kill('SIGTERM');
    await exit;
    expect(await secondsIn(recordingFile())).toMatchObject({ complete: true });
  });
});

describe('a session process that is killed', () => {
  test('is told in plain words; its recording is kept and opens; reconnecting works', async () => {
    const before = await page.getByText(/0:\d\d$/).innerText();
    process.kill(await host(opened.app), 'SIGKILL');
    await page.getByText('The session crashed; its data stays here').waitFor(PATIENT);
    expect(existsSync(recordingFile())).toBe(true);
    const kept = await secondsIn(recordingFile());
    expect(kept.complete).toBe(false);
    expect(kept.seconds).toBeGreaterThanOrEqual(Number(before.split(':').at(-1)));
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByText('Live').first().waitFor(PATIENT);
    process.kill(await host(opened.app), 'SIGKILL');
    await pretending.stop();
    await page.getByRole('button', { name: 'Open the recording' }).click(PATIENT);
    await page.getByRole('button', { name: 'Play' }).waitFor(PATIENT);
    expect(await page.getByText('Could not open').count()).toBe(0);
  });
});
