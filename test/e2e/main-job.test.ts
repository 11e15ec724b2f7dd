/** The main job as a person does it: the real window, the real sshd and kernel of the virtual edge box. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { type Application, openStage, type Stage } from './application.ts';
import { removeFolder } from '../remove-folder.ts';

/** From Connect to the first picture, on a busy machine. */
const PICTURE_MS = 150_000;
const PICTURES = 'out/e2e';

let box: Box;
let stage: Stage;
let home = '';
let knownHosts = '';
/** What the box shows before Sonde was ever there. */
let clean = '';
/** A starved single core takes its time to drain, say goodbye and end. */
const GONE_MS = 90_000;
let opened: Application | null = null;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  home = mkdtempSync(path.join(tmpdir(), 'sonde-home-'));
  [box, stage] = await Promise.all([bootBox({ variant: 'plain', workload: true }), openStage()]);
  knownHosts = path.join(home, 'known-by-key');
  await box.writeKnownHosts(knownHosts);
  clean = await left();
});
afterEach(async ({ task }) => {
  await opened?.page.screenshot({ path: `${PICTURES}/last-of-${task.id}.png` }).catch(() => undefined); // closed already
  await opened?.app.close().catch(() => undefined); // the test closed it already
  opened = null;
});
afterAll(async () => {
  await stage?.close();
  await box?.stop();
  removeFolder(home);
});

async function launch(userData: string | null = null, args: readonly string[] = []): Promise<Page> {
  opened = await stage.launch(args, userData, { HOME: home, SSH_AUTH_SOCK: '' });
  return opened.page;
}

const connectAs = async (page: Page, user: string) => {
  await page.getByRole('textbox', { name: 'Device' }).fill(`${user}@${box.host}:${box.port}`);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
};
const secret = async (page: Page, title: string | RegExp, value: string) => {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.locator('input[type=password]').fill(value, { timeout: PICTURE_MS });
  await dialog.getByRole('button', { name: 'Continue' }).click();
};
/** sshd asks by keyboard-interactive before it offers the password method. */
const LOGIN = /Password of the device|The device asks/;
const byKey = () => [
  `--known-hosts=${knownHosts}`,
  `--connect=root@${box.host}:${box.port}`,
  `--identity=${box.users.root.identityFile}`,
];

/** Process and program list of the box, without what the listing itself starts. */
async function left(): Promise<string> {
  const processes = await box.ssh(
    "ps -eo args | grep -E '/sonde(-[0-9]+)?/|agent-[0-9a-f]+.cjs' | grep -v grep; bpftool prog show | grep -c . ; bpftool map show | grep -c .",
  );
  return processes.stdout.trim();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
}

describe('the main job', () => {
  test('a stranger connects with passwords, sees a live flame graph, and leaves nothing behind', async () => {
    const userData = mkdtempSync(path.join(tmpdir(), 'sonde-main-job-'));
    const page = await launch(userData);
    await page.getByRole('button', { name: 'Connect to a device' }).click({ timeout: 180_000 });
    await connectAs(page, 'ops');

    const question = page.getByRole('dialog', { name: /Is this really/ });
    await question.getByText(box.hostKeyFingerprint).waitFor({ timeout: 180_000 });
    await question.getByRole('button', { name: 'Accept and remember' }).click();
    await secret(page, LOGIN, 'not-the-password');
    await page.getByText('was not accepted').waitFor({ timeout: 180_000 });
    await secret(page, LOGIN, box.users.ops.password);
    await secret(page, 'Become root with sudo', box.users.ops.password);

    const functions = page.getByRole('tab', { name: 'Functions' });
    await functions.waitFor({ timeout: PICTURE_MS });
    await page
      .getByText('alpha')
      .first()
      .waitFor({ state: 'attached', timeout: 1000 })
      .catch(() => undefined); // only in the table
    await page.waitForTimeout(12_000);
    await page.screenshot({ path: `${PICTURES}/live-light-1440.png` });
    await functions.click();
    const row = (name: string) => page.getByRole('row').filter({ has: page.getByTitle(name, { exact: true }) });
    await row('alpha').first().waitFor({ timeout: 120_000 });
    const samples = async (name: string) =>
      Number((await row(name).first().locator('.functions-samples').first().innerText()).replaceAll(/\D/g, ''));
    // A busy host gives the box little time: wait for samples, not for seconds.
    await expect.poll(() => samples('alpha'), { timeout: 120_000, interval: 1000 }).toBeGreaterThan(150);
    const [alpha, gamma] = [await samples('alpha'), await samples('gamma')];
    // 50 % and 20 % of the workload's time; 150 and 60 samples tell them apart.
    expect(alpha / gamma).toBeGreaterThan(1.8);
    expect(alpha / gamma).toBeLessThan(3.4);

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect.poll(left, { timeout: GONE_MS }).toBe(clean);
    await opened?.close();

    const [recording] = filesBelow(path.join(userData, 'recordings'));
    expect(statSync(recording ?? '').size).toBeGreaterThan(5000);
    // The device's password is nowhere on this machine.
    for (const file of [...filesBelow(userData), ...filesBelow(home)])
      expect(readFileSync(file).includes(box.users.ops.password), file).toBe(false);
    expect(readFileSync(path.join(home, '.ssh/known_hosts'), 'utf8')).toContain('ssh-');

    const again = await launch(userData);
    await again.getByText(`ops@${box.host}:${box.port}`).first().waitFor();
    await again.screenshot({ path: `${PICTURES}/start-with-recent.png` });
    removeFolder(userData);
  });

  test('a recording opens from the command line and shows the same functions', async () => {
    const page = await launch(null, [path.resolve('test/fixtures/recordings/v1.sonde.mcap')]);
    await page.getByRole('tab', { name: 'Functions' }).click({ timeout: 180_000 });
    expect(await page.getByRole('row').count()).toBeGreaterThan(3);
  });

  test('a window closed in the middle of the upload leaves no process and no half file', async () => {
    await box.ssh('rm -rf /var/lib/sonde');
    const half = box.ssh('timeout 180 sh -c "until ls /var/lib/sonde 2>/dev/null | grep part; do sleep 0.1; done"');
    const page = await launch(null, byKey());
    await page.getByText('Send Node.js').waitFor({ timeout: 180_000 });
    expect((await half).stdout).toContain('part');
    await opened?.close();
    await expect.poll(left, { timeout: GONE_MS }).toBe(clean);
    await expect
      .poll(async () => (await box.ssh('ls /var/lib/sonde 2>/dev/null | grep part')).stdout.trim(), {
        timeout: 120_000,
      })
      .toBe('');
  });

  test('Connect pressed twice makes one connection', async () => {
    const page = await launch();
    await page.getByRole('textbox', { name: 'Device' }).fill(`root@${box.host}:${box.port}`);
    await page.getByRole('button', { name: 'Connect', exact: true }).dblclick();
    await page.getByRole('dialog').first().waitFor({ timeout: 180_000 });
    expect(await page.getByRole('dialog').count()).toBe(1);
  });
});
