/** Settings, the first screen and leaving, in the built application with its real files. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../electron/bridge/settings.ts';
import { type Application, openStage, type Stage } from './application.ts';
import { removeFolder } from '../remove-folder.ts';

declare const sonde: SondeBridge;

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1uGC+HVQIfOTIH2yHRXxWxWm6FbLXRN0yvDlkT4o8E';
/** A busy machine shows a window late. */
const PATIENT = { timeout: 120_000 };

let stage: Stage;
/** The user's folder, which outlives a start of the application. */
let home: string;
let opened: Application | null = null;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sonde-settings-'));
});
afterEach(async () => {
  await opened?.app.close().catch(() => undefined); // the test closed it already
  opened = null;
  removeFolder(home);
});

async function start(args: readonly string[] = []): Promise<Application> {
  opened = await stage.launch(args, path.join(home, 'user'), { HOME: home });
  return opened;
}

/** For somebody who has seen the first screen. */
async function startAgain(args: readonly string[] = []): Promise<Application> {
  mkdirSync(path.join(home, 'user'), { recursive: true });
  writeFileSync(path.join(home, 'user/welcome.json'), 'true');
  return start(args);
}

const menu = (app: ElectronApplication, label: string) =>
  app.evaluate(({ Menu }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((each) => each.submenu?.items ?? []) ?? [];
    items.find((each) => each.label.startsWith(wanted))?.click();
  }, label);
const welcome = (page: Page) => page.getByRole('dialog', { name: 'Sonde looks inside one Linux device, live' });
const settingsOf = (): { version: number; settings: Settings } =>
  JSON.parse(readFileSync(path.join(home, 'user/settings.json'), 'utf8'));
/** As the application has it: a driver would pretend it is light. */
const isDark = async (page: Page) => {
  await page.emulateMedia({ colorScheme: null });
  return page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
};

describe('the first start', () => {
  test('explains itself, leads to the sample, and is not shown again; Help has it', async () => {
    const first = await start();
    await welcome(first.page).waitFor(PATIENT);
    await first.page.keyboard.press('Tab');
    await first.page.keyboard.press('Tab');
    await first.page.keyboard.press('Enter'); // "Explore the sample recording"
    await first.page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
    expect(await welcome(first.page).count()).toBe(0);
    await first.close();
    const second = await start();
    await second.page.getByRole('button', { name: 'Connect', exact: true }).waitFor(PATIENT);
    expect(await welcome(second.page).count()).toBe(0);
    await menu(second.app, 'What Sonde does');
    await welcome(second.page).waitFor(PATIENT);
    await second.page.keyboard.press('Escape');
    await welcome(second.page).waitFor({ ...PATIENT, state: 'detached' });
  });

  test('with a recording to open shows that first', async () => {
    const { page } = await start([RECORDING]);
    await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
    expect(await welcome(page).count()).toBe(0);
  });
});

describe('settings', () => {
  test('the theme holds at once, at the next start, and until it is reset', async () => {
    const first = await startAgain();
    await first.page.getByRole('button', { name: 'Settings' }).click(PATIENT);
    await first.page.getByRole('radio', { name: 'Dark' }).click();
    await expect.poll(() => isDark(first.page)).toBe(true);
    await first.page.getByRole('radio', { name: 'Light' }).click();
    await expect.poll(() => isDark(first.page)).toBe(false);
    await first.page.getByRole('radio', { name: 'Dark' }).click();
    await expect.poll(() => settingsOf().settings.theme).toBe('dark');
    expect(statSync(path.join(home, 'user/settings.json')).mode & 0o777).toBe(0o600);
    await first.close();
    const { app, page } = await start();
    expect(await isDark(page)).toBe(true);
    await menu(app, 'Settings…');
    await page.getByRole('button', { name: 'Reset to defaults' }).click(PATIENT);
    await expect.poll(() => settingsOf().settings).toEqual(DEFAULT_SETTINGS);
  });

  test('what new sessions begin with stands in the form', async () => {
    const { page } = await startAgain();
    await page.getByRole('button', { name: 'Settings' }).click(PATIENT);
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('checkbox', { name: 'Network flows' }).check();
    await dialog.getByRole('checkbox', { name: 'System calls' }).uncheck();
    await dialog.getByRole('textbox', { name: 'Sampling rate (Hz)' }).fill('49');
    await page.keyboard.press('Escape');
    await expect
      .poll(() => settingsOf().settings)
      .toMatchObject({ probes: ['cpu-profile', 'net-flows'], sampleHz: 49 });
    expect(await page.getByRole('checkbox', { name: 'Network flows' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'System calls' }).isChecked()).toBe(false);
    await page.getByText('1 changed').click();
    expect(await page.getByRole('textbox', { name: 'Rate (Hz)' }).inputValue()).toBe('49');
  });

  test('recordings go where a person chose in the dialog, and nowhere else', async () => {
    const { app, page } = await startAgain();
    const set = (recordingsFolder: string) =>
      page.evaluate(([settings, folder]) => sonde.request('set-settings', { ...settings, recordingsFolder: folder }), [
        DEFAULT_SETTINGS,
        recordingsFolder,
      ] as const);
    const folder = path.join(home, 'disk');
    expect(await set(folder)).toMatchObject({ ok: false, fault: { message: expect.stringContaining('not chosen') } });
    expect(existsSync(folder)).toBe(false);
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, folder);
    await page.getByRole('button', { name: 'Settings' }).click(PATIENT);
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByText(folder).waitFor(PATIENT);
    copyFileSync(RECORDING, path.join(folder, 'edge-7-20250102-030405.sonde.mcap'));
    for (const request of ['recent-recordings', 'library'] as const)
      expect(JSON.stringify(await page.evaluate((name) => sonde.request(name), request))).toContain('edge-7-20250102');
    await page.getByRole('button', { name: 'Sonde’s own folder' }).click();
    await page.getByText(path.join(home, 'user/recordings')).waitFor(PATIENT);
  });

  test('a damaged file is put aside, and that is told', async () => {
    mkdirSync(path.join(home, 'user'));
    writeFileSync(path.join(home, 'user/settings.json'), '{"version":1,"settings":{"theme":"pink"}}');
    const { page } = await startAgain();
    await page.getByRole('button', { name: 'Settings' }).click(PATIENT);
    await page.getByText('The settings could not be read').waitFor(PATIENT);
    expect(existsSync(path.join(home, 'user/settings.json.bad'))).toBe(true);
  });

  test('the host key of a device is forgotten in the user’s own file', async () => {
    mkdirSync(path.join(home, '.ssh'));
    const knownHosts = path.join(home, '.ssh/known_hosts');
    writeFileSync(knownHosts, `[edge-7]:2222 ${KEY}\nedge-8 ${KEY}\n`);
    mkdirSync(path.join(home, 'user'));
    const device = {
      destination: 'root@edge-7:2222',
      identityFiles: [],
      lastUsedMs: 1,
      hostname: 'edge-7',
      osName: '',
    };
    writeFileSync(path.join(home, 'user/devices.json'), JSON.stringify({ version: 1, devices: [device] }));
    const { page } = await startAgain();
    await page.getByRole('button', { name: 'Settings' }).click(PATIENT);
    await page.getByRole('button', { name: 'Forget host key of root@edge-7:2222' }).click();
    await page.getByText('The host key of root@edge-7:2222 is forgotten').waitFor(PATIENT);
    expect(readFileSync(knownHosts, 'utf8')).toBe(`edge-8 ${KEY}\n`);
    // By its words: the start screen behind it has a button for the same.
    await page.getByText('Forget', { exact: true }).click();
    await page.getByText('None yet.').waitFor(PATIENT);
  });
});

describe('leaving', () => {
  let silent: Server;
  let destination: string;
  beforeAll(async () => {
    silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    destination = `root@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => silent.close());

  test.each([
    ['a recording is shown', () => [RECORDING]],
    ['a connection is only being made', () => [`--connect=${destination}`]],
  ])('while %s asks nothing: nothing would be lost', async (_, args) => {
    const { app, page } = await startAgain(args());
    await page
      .getByText(/CPU profile|Connecting to/)
      .first()
      .waitFor(PATIENT);
    const exit = new Promise((resolve) => app.process().once('exit', resolve));
    await menu(app, 'Quit');
    await exit;
  });
});
