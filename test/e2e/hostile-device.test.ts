/** The real window in front of a device that means harm: it says what is wrong, stays as small as it was, and lives on. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { agentThat, type HostileDevice, startHostileDevice } from '../crossing/hostile-device.ts';
import { framesFromSignals } from '../fixtures/frames.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { type Application, openStage, type Stage } from './application.ts';

const PICTURES = 'out/e2e';
/** Of any process. 256 MB of names may be held, once by each; Chromium takes 200 before there is anything. */
const MAX_PROCESS_MB = 1500;
/** On a busy machine. */
const SAID_MS = 150_000;

let stage: Stage;
let device: HostileDevice;
let opened: Application | null = null;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [stage, device] = await Promise.all([openStage(), startHostileDevice({}, path.resolve('out/device'))]);
});
afterEach(async () => {
  device.deeds = {};
  await opened?.app.close().catch(() => undefined); // closed already
  opened = null;
});
afterAll(async () => {
  await stage?.close();
  await device?.stop();
});

async function launch(): Promise<Application> {
  const target = [`--connect=root@127.0.0.1:${device.port}`, `--known-hosts=${device.knownHosts}`];
  opened = await stage.launch(target, null, { HOME: '/nonexistent', SSH_AUTH_SOCK: '' });
  return opened;
}

/** Resident megabytes by process: main, page, session and so on. */
async function memoryOf(app: ElectronApplication): Promise<Map<string, number>> {
  const metrics = await app.evaluate(({ app: self }) =>
    self.getAppMetrics().map(({ type, name, memory }) => [name ?? type, memory.workingSetSize / 1024] as const),
  );
  return new Map(metrics);
}

/** The most of each process while `work` goes on. */
async function peaks<T>(app: ElectronApplication, work: Promise<T>): Promise<Map<string, number>> {
  const most = new Map<string, number>();
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      for (const [name, mb] of await memoryOf(app)) most.set(name, Math.max(mb, most.get(name) ?? 0));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const looking = look();
  await work.finally(() => (isOver = true));
  await looking;
  return most;
}

/** Answers, and does what is asked. */
async function expectAlive(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Functions' }).click({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Close', exact: true }).click({ timeout: 120_000 });
  await page.getByRole('textbox', { name: 'Device' }).fill('somewhere@else', { timeout: 120_000 });
}

const text = (value: string) => Buffer.from(value);
const LONG = { exe: text('/x'.repeat(2000)), commandLine: text('y'.repeat(4000)), cgroup: text('/z'.repeat(2000)) };
const framed = (init: Parameters<typeof encodeAgentFrame>[0]) => encodeFrame(encodeAgentFrame(init));
/** One process is known from the beginning. */
const LONG_NAMES = (seq: bigint, more: number) => {
  const processes = Array.from({ length: 300 }, (_, i) => ({ ...LONG, id: more * 300 + i + 2 }));
  return framed({ seq, body: { case: 'definitions', value: { processes } } });
};
const NOTES = (seq: bigint, more: number) =>
  more === 20_000
    ? Buffer.alloc(4, 0xff)
    : framed({ seq, body: { case: 'note', value: { atNs: 1n, text: `${more} `.repeat(1000) } } });
const FAILURES = (_seq: bigint, more: number) =>
  framed({ body: { case: 'fault', value: { code: 'kernel-memory', message: `\u001b[31m${more}` } } });

const EVIL_NAME = 'a\u001b[31mb\u202ec</script><img src=x onerror=window.hole=1>';
const BEGINNING = framesFromSignals(
  signalsFromStacks(Array.from({ length: 5 }, (_, i) => `nginx;main;${EVIL_NAME} 9 @${i}`).join('\n')),
)
  .slice(0, -1)
  .map((frame) => encodeFrame(encodeAgentFrame(frame)));
const beginning = (number: number, then: (seq: bigint, more: number) => Uint8Array) =>
  BEGINNING[number] ?? then(BigInt(number + 1), number - BEGINNING.length);

test('names that are code or controls are shown as what they are', async () => {
  device.deeds = { agent: agentThat((number) => BEGINNING[number] ?? null) };
  const { page } = await launch();
  await page.getByRole('tab', { name: 'Functions' }).click({ timeout: SAID_MS });
  await expect
    .poll(() => page.locator('body').innerText(), { timeout: 120_000 })
    .toContain('a\\x1b[31mb\\u{202e}c</script><img src=x');
  await page.screenshot({ path: `${PICTURES}/hostile-names.png` });
  expect(await page.evaluate(() => 'hole' in window)).toBe(false);
});

test.each([
  ['processes with long names, without an end', LONG_NAMES, /more than 256 MB of names/],
  ['notes without an end, then a length that lies', NOTES, /a frame claims to be/],
  ['failures without an end', FAILURES, /device reports more than 1000 failures/],
] as const)('%s: the window says what is wrong, stays in bounds, and lives on', async (name, says, words) => {
  device.deeds = { agent: agentThat((number) => beginning(number, says)) };
  const { app, page } = await launch();
  const said = page.getByText(words).first().waitFor({ timeout: SAID_MS });
  const most = await peaks(app, said);
  console.log(`${name}: at most ${[...most].map(([process, mb]) => `${process} ${Math.round(mb)} MB`).join(', ')}`);
  await page.screenshot({ path: `${PICTURES}/hostile-${name.split(' ')[0]}.png` });
  for (const [process, mb] of most) expect(mb, process).toBeLessThan(MAX_PROCESS_MB);
  await expectAlive(page);
});
