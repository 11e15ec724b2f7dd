/** Who quits while a real device is watched, and tells it to go on: it does, from before the session ends, and all of it is fetched. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT_CODES } from '../../electron/cli/index.ts';
import type { UnattendedStatus, WindowSignal } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { makeCalls } from '../device/calls-checks.ts';
import { expectSeamless, signalsOf, windowsOf } from '../device/flight-checks.ts';
import { buildProgram, deviceNowNs, recordedUntil, rowsOfCsv, type SondeProgram } from '../device/sonde-program.ts';
import { leftOn } from '../device/watched-session.ts';
import { type LiveWindow, openLiveWindow, PICTURE_MS, PICTURES } from './live-window.ts';

const PATIENT = { timeout: PICTURE_MS };
const PATIENCE = { timeout: PICTURE_MS, interval: 1000 };
const PROBES = ['cpu-profile', 'syscalls'] as const;
const UNREACHED: readonly number[] = [EXIT_CODES['host-unreachable'], EXIT_CODES['link-lost']];
const MOST_TRIES = 4;
const WHETHER = [() => true, () => false] as const;

let box: Box;
let program: SondeProgram;
let live: LiveWindow;
let clean = '';
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node' });
  clean = await leftOn(box);
});
afterAll(async () => {
  await live?.close();
  program?.dispose();
  await box?.stop();
});

/** An emulated box on a busy machine sometimes answers too late: what has not reached it is tried again. */
async function sonde(command: string, ...words: readonly string[]): Promise<string> {
  for (let tries = 1; ; tries++) {
    const { code, out, err } = await program.begin(command, ...program.device(box), ...words).ended;
    if (code !== null && UNREACHED.includes(code) && tries < MOST_TRIES) continue;
    expect(code, `${out}${err}`).toBe(0);
    return out;
  }
}

interface Listed {
  readonly recordings: readonly { readonly id: string; readonly running: boolean; readonly status: UnattendedStatus }[];
}

const list = async () => (JSON.parse(await sonde('fetch', '--list', '--json')) as Listed).recordings;

/** Of the session itself, which was recorded here. */
const ownRecording = (): string => {
  const folder = path.join(live.folder, 'recordings');
  const name = readdirSync(folder).find((each) => each.endsWith('.sonde.mcap'));
  return path.join(folder, name ?? 'none');
};

const endOf = (windows: readonly WindowSignal[]) => windows.at(-1)?.toNs ?? 0;

/** false: the box did not answer for so long that its session has ended, or never began. */
async function quitsAndKeepsOn(): Promise<boolean> {
  live = await openLiveWindow('quit-live', box);
  const { app, page } = live;
  const isLive = page.getByText('Live').first().waitFor(PATIENT);
  if (!(await isLive.then(...WHETHER))) return false;
  await expect
    .poll(() => recordedUntil(ownRecording()), PATIENCE)
    .toMatchObject({ 'cpu-profile': expect.any(Number), syscalls: expect.any(Number) });

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const question = page.getByRole('dialog', { name: 'Quit Sonde?' });
  const keep = question.getByRole('button', { name: 'Keep recording on the device' });
  await keep.waitFor(PATIENT);
  await page.screenshot({ path: `${PICTURES}/quit-live.png` });
  const exit = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
  await keep.click(PATIENT);
  const isLost = question.getByText('cannot be reached now').waitFor({ timeout: 0 });
  const code = await Promise.race([
    exit,
    isLost.then(
      () => 'lost',
      () => exit,
    ),
  ]);
  if (code === 'lost') return false;
  expect(code).toBe(0);
  return true;
}

test('“Keep recording on the device”: the window goes, the device goes on, and nothing is missing in between', {
  timeout: 1_500_000,
}, async () => {
  for (let tries = 1; !(await quitsAndKeepsOn()); tries++) {
    expect(tries, 'windows that have lost a box which was too busy to answer').toBeLessThan(MOST_TRIES);
    await live.close();
    await sonde('remove');
  }
  expect(live.complaints).toEqual([]);

  const [going, ...others] = await list();
  expect(others).toEqual([]);
  expect(going).toMatchObject({
    running: true,
    status: { state: 'recording', probes: expect.arrayContaining([...PROBES]) },
  });
  const { id = '' } = going ?? {};
  const { threads } = await makeCalls(box, '--calls 5000');
  const until = await deviceNowNs(box);
  const part = path.join(program.folder, 'so-far');
  let looks = 0;
  // What the workload did lies on the device's disk before it is told to end.
  await expect
    .poll(async () => {
      const file = `${part}-${++looks}.mcap`;
      await sonde('fetch', '--id', id, '-o', file);
      return endOf(windowsOf(await signalsOf(file), 'syscalls'));
    }, PATIENCE)
    .toBeGreaterThan(until);

  const file = path.join(program.folder, 'night.mcap');
  expect(await sonde('fetch', '--id', id, '--stop', '-o', file)).toContain('it is deleted on the device');
  const [before, after] = [await signalsOf(ownRecording()), await signalsOf(file)];
  // A box that is too busy to part in order has told so in the session's recording: its last seconds may not be there.
  const isHurried = before.some((signal) => signal.kind === 'note' && signal.text.includes('did not confirm the end'));
  for (const probe of PROBES) {
    const [own, itsOwn] = [windowsOf(before, probe), windowsOf(after, probe)];
    expectSeamless(own);
    expectSeamless(itsOwn);
    const overlapNs = endOf(own) - (itsOwn[0]?.fromNs ?? Number.POSITIVE_INFINITY);
    console.log(`${probe}: the device began ${(overlapNs / 1e9).toFixed(1)} s before the session ended`, { isHurried });
    if (!isHurried) expect(overlapNs, probe).toBeGreaterThanOrEqual(0);
  }
  for (const { tid, calls } of threads) {
    const csv = await program.sonde('export', file, '-f', 'csv', '-o', '-', '--tid', String(tid));
    const made = rowsOfCsv(csv).filter(({ call }) => call === 'getppid');
    expect(
      made.reduce((sum, { count }) => sum + Number(count), 0),
      `thread ${tid}`,
    ).toBe(calls['getppid 0'] ?? 0);
  }
  await expect.poll(() => leftOn(box), { ...PATIENCE, interval: 2000 }).toBe(clean);
});
