/** A password on its way through the real application: asked for, used, and found nowhere afterwards. */
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { type Application, openStage, type Stage } from './application.ts';
import { bundleMadeUpHost, makeUpDevices, SECRET_OF_MADE_UP } from './made-up/device.ts';
import { removeFolder } from '../remove-folder.ts';

declare const sonde: SondeBridge;

/** In no program, path or word list. */
const CANARY = 'k4narienv0gel-7c1d';
const PATIENT = { timeout: 120_000 };

/** Lets in who knows the canary, and then runs nothing. */
interface Door {
  readonly port: number;
  readonly heard: string[];
  close(): void;
}

async function openDoor(): Promise<Door> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const heard: string[] = [];
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [privateKey.export({ type: 'pkcs1', format: 'pem' })] }, (client) => {
    open.add(client);
    client.on('error', () => undefined); // the application hung up
    client.on('close', () => open.delete(client));
    client.on('authentication', (attempt) => {
      if (attempt.method !== 'password') return attempt.reject(['password']);
      heard.push(attempt.password);
      if (attempt.password === CANARY) attempt.accept();
      else attempt.reject(['password']);
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (_accept, reject) => reject());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    heard,
    close: () => {
      for (const client of open) client.end();
      server.close();
    },
  };
}

let stage: Stage;
let door: Door;
let opened: Application;
beforeAll(async () => {
  [stage, door] = await Promise.all([openStage(), openDoor(), bundleMadeUpHost()]);
});
afterAll(async () => {
  await stage?.close();
  door?.close();
});
beforeEach(async () => {
  opened = await stage.launch([`--connect=root@127.0.0.1:${door.port}`, `--known-hosts=/dev/null`], null, {
    SSH_AUTH_SOCK: '',
    HOME: '/nonexistent',
  });
});
afterEach(() => opened?.app.close());

const password = () => opened.page.getByRole('dialog', { name: 'Password of the device' });

/** All files below a folder whose bytes hold it, also as UTF-16 or base64. */
function holding(folder: string, wanted: string): string[] {
  const forms = [Buffer.from(wanted), Buffer.from(wanted, 'utf16le'), Buffer.from(btoa(wanted))];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .filter((file) => forms.some((form) => readFileSync(file).includes(form)));
}

/** What any user of this machine may read of its processes. */
function toldBySystem(pid: number): string {
  return ['cmdline', 'environ', 'comm'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join('\n');
}

test('it is in no file, no argument, no environment, no log, no diagnostics', async () => {
  const { app, page, userData } = opened;
  await page.getByRole('button', { name: 'Accept and remember' }).click(PATIENT);
  await password().getByRole('textbox').fill(`${CANARY}-wrong`, PATIENT);
  await page.keyboard.press('Enter');
  await page.getByText('That password was not accepted.').waitFor(PATIENT);
  await password().getByRole('textbox').fill(CANARY);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Try again' }).waitFor(PATIENT);
  expect(door.heard).toEqual([`${CANARY}-wrong`, CANARY]);

  const pids = await app.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ pid }) => pid));
  expect(pids.length).toBeGreaterThan(2);
  for (const pid of pids) expect(toldBySystem(pid)).not.toContain(CANARY);
  expect(await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify(localStorage))).not.toContain(
    CANARY,
  );
  const told = await app.evaluate(({ clipboard, Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    items.find(({ label }) => label === 'Copy diagnostics')?.click();
    return clipboard.readText();
  });
  expect(told).toMatch(/^Sonde/i);
  expect(told).not.toContain(CANARY);
  await opened.close();
  expect(readdirSync(userData).length).toBeGreaterThan(3);
  expect(holding(userData, CANARY)).toEqual([]);
});

test('where the keyring is none it cannot be remembered, and why is said', async () => {
  const { app, page, userData } = opened;
  await page.getByRole('button', { name: 'Accept and remember' }).click(PATIENT);
  const remember = password().getByRole('checkbox', { name: 'Remember it on this computer' });
  await remember.waitFor(PATIENT);
  expect(await app.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe('basic_text');
  expect(await remember.isDisabled()).toBe(true);
  await password()
    .getByText(/Not possible here: this computer has no keyring/)
    .waitFor();
  expect(await page.evaluate(() => sonde.request('secret-store'))).toMatchObject({
    ok: true,
    value: { refusal: expect.stringContaining('plain text'), kept: [] },
  });
  await opened.close();
  expect(readdirSync(userData)).not.toContain('secrets.json');
  expect(holding(userData, CANARY)).toEqual([]);
});

test('main refuses too, whoever asks: nothing is written, and the log says why without it', async () => {
  const { page, userData } = opened;
  await page.getByRole('button', { name: 'Refuse' }).click(PATIENT);
  await page.getByRole('button', { name: 'Back' }).click(PATIENT);
  await makeUpDevices(opened);
  await page.getByRole('textbox', { name: 'Device' }).fill(`root@made-up`);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
  const log = path.join(userData, 'logs/sonde.log');
  await expect.poll(() => readFileSync(log, 'utf8'), PATIENT).toContain('cannot remember a password: this computer');
  await opened.close();
  expect(readdirSync(userData)).not.toContain('secrets.json');
  expect(holding(path.join(userData, 'recordings'), SECRET_OF_MADE_UP)).toEqual([]);
  expect(holding(userData, SECRET_OF_MADE_UP)).toEqual([]);
});

test('a kept password is told to a device that is known, and to no stranger', async () => {
  await opened.close();
  const home = mkdtempSync(path.join(tmpdir(), 'sonde-keyring-'));
  onTestFinished(() => removeFolder(home));
  const destination = `root@127.0.0.1:${door.port}`;
  opened = await stage.launch([], null, { SSH_AUTH_SOCK: '', HOME: home });
  const { page, userData } = opened;
  const kept = { id: 'a', destination, purpose: 'password', text: 'Password of root@127.0.0.1', keptMs: 1 };
  const secrets = [{ ...kept, encrypted: await pretendKeyring(opened) }];
  writeFileSync(path.join(userData, 'secrets.json'), JSON.stringify({ version: 1, secrets }));
  const heard = door.heard.length;

  await page.getByRole('textbox', { name: 'Device' }).fill(destination);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and remember' }).click(PATIENT);
  await password().waitFor(PATIENT);
  expect(door.heard.slice(heard)).toEqual([]);
  await password().getByRole('textbox').fill(CANARY);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Try again' }).waitFor(PATIENT);

  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => door.heard.slice(heard), PATIENT).toEqual([CANARY, CANARY]);
  await page.getByRole('button', { name: 'Try again' }).waitFor(PATIENT);
  expect(await page.evaluate(() => sonde.request('secret-store'))).toMatchObject({ value: { kept: [kept] } });
});

/** This machine has no keyring: Electron is let believe it has one. Returns the canary as it would be kept. */
function pretendKeyring({ app }: Application): Promise<string> {
  return app.evaluate(({ safeStorage }, secret) => {
    safeStorage.setUsePlainTextEncryption(true);
    safeStorage.getSelectedStorageBackend = () => 'gnome_libsecret';
    return safeStorage.encryptString(secret).toString('base64');
  }, CANARY);
}
