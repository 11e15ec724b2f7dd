/**
 * Passwords in a real keyring (GNOME's): kept only where somebody asks for it, locked on the disk, there again after
 * application and computer were started again, gone when they are to be forgotten.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { agentThat, type HostileDevice, startHostileDevice } from '../crossing/hostile-device.ts';
import { RUNS } from '../crossing/hostile-runs.ts';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { removeFolder } from '../remove-folder.ts';
import { type Application, openStage, type Stage } from './application.ts';
import { type Keyring, openKeyring } from './keyring.ts';

declare const sonde: SondeBridge;

/** In no program, path or word list. */
const CANARY = 'k4narienv0gel-9b3e';
const PATIENT = { timeout: 150_000 };
const FRAMES = (RUNS[0] ?? []).map((payload) => encodeFrame(payload));

let stage: Stage;
let device: HostileDevice;
let keyring: Keyring | null = null;
let missing = '';
let userData = '';
let opened: Application;
beforeAll(async () => {
  [stage, device] = await Promise.all([openStage(), startHostileDevice({}, path.resolve('out/device'))]);
  // An honest one here: it lets in who knows the password, and an agent answers.
  device.password = CANARY;
  device.deeds = { agent: agentThat((number) => FRAMES[number] ?? null) };
  keyring = await openKeyring().catch((error: Error) => {
    missing = error.message;
    return null;
  });
  userData = mkdtempSync(path.join(tmpdir(), 'sonde-keyring-user-'));
  mkdirSync(userData, { recursive: true });
});
afterEach(() => opened?.app.close().catch(() => undefined)); // closed already
afterAll(async () => {
  await stage?.close();
  await device?.stop();
  await keyring?.close();
  removeFolder(userData);
});

async function launch(): Promise<Page> {
  const target = [`--connect=root@127.0.0.1:${device.port}`, `--known-hosts=${device.knownHosts}`];
  opened = await stage.launch(['--password-store=gnome-libsecret', ...target], userData, {
    ...keyring?.env,
    SSH_AUTH_SOCK: '',
  });
  const { app, page } = opened;
  expect(await app.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe('gnome_libsecret');
  return page;
}

const kept = async (page: Page) => {
  const answer = await page.evaluate(() => sonde.request('secret-store'));
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.value;
};
const question = (page: Page) => page.getByRole('dialog', { name: 'Password of the device' });
const isLive = (page: Page) => page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);

async function type(page: Page, remember: boolean): Promise<void> {
  await question(page).getByRole('textbox').fill(CANARY, PATIENT);
  const tick = question(page).getByRole('checkbox', { name: 'Remember it on this computer' });
  expect(await tick.isChecked()).toBe(false);
  if (remember) await tick.check();
  await page.keyboard.press('Enter');
}

/** Files of the application and of the keyring in which it can be read. */
function holding(): string[] {
  const forms = [Buffer.from(CANARY), Buffer.from(CANARY, 'utf16le'), Buffer.from(btoa(CANARY))];
  return [userData, keyring?.home ?? '']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
    )
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .filter((file) => forms.some((form) => readFileSync(file).includes(form)));
}

test('kept only on request, locked on the disk, there after a restart, forgotten on request', async (context) => {
  // Where it is not installed or does not start without a desktop, this proves nothing: it says so.
  if (!keyring) return context.skip(`no keyring: ${missing}`);

  let page = await launch();
  await type(page, false);
  await isLive(page);
  expect(await kept(page)).toEqual({ refusal: null, kept: [] });
  await opened.close();
  expect(readdirSync(userData)).not.toContain('secrets.json');

  page = await launch();
  await type(page, true);
  await isLive(page);
  await expect.poll(() => kept(page), PATIENT).toMatchObject({ kept: [{ purpose: 'password' }] });
  await opened.close();
  const file = path.join(userData, 'secrets.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    secrets: [{ encrypted: expect.stringMatching(/^djEx/) }],
  });
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(holding()).toEqual([]);

  await keyring.restart();
  page = await launch();
  await isLive(page);
  expect(await question(page).count()).toBe(0);

  const [secret] = (await kept(page)).kept;
  await page.evaluate((id) => sonde.request('forget-secret', id), secret?.id ?? '');
  expect((await kept(page)).kept).toEqual([]);
  await opened.close();
  expect(readFileSync(file, 'utf8')).not.toContain('encrypted');

  page = await launch();
  await question(page).waitFor(PATIENT);
  expect(holding()).toEqual([]);
});
