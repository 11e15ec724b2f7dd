/** A workstation that dies in the middle of a session: the last minute and all since are on the device, exact, and fetched. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import type { UnattendedStatus } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { makeCalls } from './calls-checks.ts';
import { expectSeamless, signalsOf, windowsOf } from './flight-checks.ts';
import { buildProgram, endedEarly, recordedUntil, rowsOfCsv, type SondeProgram } from './sonde-program.ts';
import { leftOn } from './watched-session.ts';

/** The lease of a minute, on a machine that is busy. */
const PATIENCE = { timeout: 600_000, interval: 2000 };
const LAST_S = 60;
const TEST_MS = 2_400_000;
/** What the link may keep back at the end before it counts as cut. */
const LINK_S = 30;
const PORT = 7654;
/** A connection to itself that says something each second. */
const TALKER = [
  "const net = require('net')",
  'net.createServer((peer) => peer.resume()).listen(PORT)',
  "const socket = net.connect(PORT, '127.0.0.1')",
  "setInterval(() => socket.write('x'), 1000)",
]
  .join(';')
  .replaceAll('PORT', String(PORT));

let box: Box;
let program: SondeProgram;
let clean = '';
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node' });
  clean = await leftOn(box);
}, TEST_MS);
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

const sonde = (command: string, ...words: readonly string[]) =>
  program.sonde(command, ...program.device(box), ...words);

interface Found {
  readonly id: string;
  readonly status: UnattendedStatus;
}

async function list(): Promise<readonly Found[]> {
  return (JSON.parse(await sonde('fetch', '--list', '--json')) as { recordings: readonly Found[] }).recordings;
}

async function callsOf(file: string, tid: number): Promise<number> {
  const csv = await program.sonde('export', file, '-f', 'csv', '-o', '-', '--tid', String(tid));
  const made = rowsOfCsv(csv).filter(({ call }) => call === 'getppid');
  return made.reduce((sum, { count }) => sum + Number(count), 0);
}

test(
  'keeps the last minute before the cut and what came after it, to the call',
  async () => {
    // Opened long before what is kept begins, and alive all the time: it has a name nevertheless.
    await box.ssh(`node -e "${TALKER}" >/dev/null 2>&1 &`);
    const dying = path.join(program.folder, 'dying.mcap');
    const probes = ['--probe', 'cpu-profile', '--probe', 'syscalls', '--probe', 'net-flows'];
    const session = program.begin('record', ...program.device(box), ...probes, '-o', dying);
    const begun = async () => Object.values(await recordedUntil(dying)).length;
    const recorded = async () => {
      await expect.poll(begun, PATIENCE).toBeGreaterThanOrEqual(3);
      const first = Math.min(...Object.values(await recordedUntil(dying)));
      const seconds = async () => (Math.max(...Object.values(await recordedUntil(dying))) - first) / 1e9;
      await expect.poll(seconds, PATIENCE).toBeGreaterThan(LAST_S + LINK_S);
      return first;
    };
    const first = await Promise.race([recorded(), endedEarly(session)]);
    const before = await makeCalls(box, '--calls 1000');
    process.kill(session.child.pid as number, 'SIGKILL');
    await session.ended;
    const after = await makeCalls(box, '--calls 1000');
    await expect.poll(async () => (await list()).length, PATIENCE).toBe(1);
    const [found] = await list();
    expect(found?.status).toMatchObject({ origin: 'session', reason: 'the client did not come back in time' });
    expect(await sonde('doctor')).toContain('The last of a session that broke off waits');
    await expect.poll(() => leftOn(box), PATIENCE).toBe(clean);

    const file = path.join(program.folder, 'left.mcap');
    const told = await sonde('fetch', '-o', file);
    console.log(told.trim());
    expect(told).toContain('it is deleted on the device');
    const signals = await signalsOf(file);
    const kept = windowsOf(signals, 'syscalls');
    for (const probe of ['cpu-profile', 'syscalls', 'net-flows']) expectSeamless(windowsOf(signals, probe));
    const dead = windowsOf(await signalsAtAll(dying), 'syscalls');
    const [fromNs, cutNs] = [kept[0]?.fromNs ?? 0, dead.at(-1)?.toNs ?? 0];
    expect((cutNs - fromNs) / 1e9).toBeGreaterThan(LAST_S - LINK_S);
    expect(kept.at(-1)?.toNs ?? 0).toBeGreaterThan(cutNs);
    for (const { tid, calls } of [...before.threads, ...after.threads])
      expect(await callsOf(file, tid), `thread ${tid}`).toBe(calls['getppid 0'] ?? 0);
    const flows = await program.sonde('export', file, '-f', 'csv', '--table', 'flows', '-o', '-');
    expect(flows).toContain(`127.0.0.1,${PORT}`);
    const reader = await openRecording(file);
    expect(reader.info.destination).toBe(`root@${box.host}:${box.port}`);
    // By this computer's clock, although the box has one of its own.
    expect(Math.abs(reader.info.startedMs - (await startOf(dying)) - (fromNs - first) / 1e6)).toBeLessThan(600_000);
    await reader.close();
    expect((await box.ssh('ls /var/lib/sonde/flight 2>/dev/null')).stdout).toBe('');
  },
  TEST_MS,
);

/** Of a file whose writer was killed. */
async function signalsAtAll(file: string) {
  const reader = await openRecording(file);
  const signals = [];
  for await (const signal of reader.signals()) signals.push(signal);
  await reader.close();
  return signals;
}

async function startOf(file: string): Promise<number> {
  const reader = await openRecording(file);
  await reader.close();
  return reader.info.startedMs;
}
