/** `sonde` over a link that carries less than what a busy box has to say: coarser, late, and exact. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { makeCalls } from './calls-checks.ts';
import { buildProgram, deviceNowNs, endedEarly, recordedUntil, rowsOfCsv, type SondeProgram } from './sonde-program.ts';
import { leftOn } from './watched-session.ts';

const PATIENCE = { timeout: 280_000, interval: 1000 };
/** 4 kB/s and half a second there and back, as a modem in a bad place. */
const SLOW = 'modprobe sch_netem; tc qdisc add dev eth0 root netem delay 500ms rate 32kbit';
/** Two hundred threads, each with all kinds of calls, each second: some 20 kB/s where nothing is added up. */
const BUSY = '--threads 200 --calls 60000 --per-second 3000 --sleeps 1 --blocks 0';
const NS_PER_S = 1e9;

let box: Box;
let program: SondeProgram;
let clean = '';
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node' });
  // What is sent once is sent while the link is quick.
  await program.sonde('record', ...program.device(box), '--for', '2s', '-o', path.join(program.folder, 'first.mcap'));
  clean = await leftOn(box);
  const { code, stderr } = await box.ssh(SLOW);
  expect(code, stderr).toBe(0);
});
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

test('what is recorded is exact; windows are added up, and --per-window says how long each was', async () => {
  const file = path.join(program.folder, 'slow.sonde.mcap');
  const recording = program.begin('record', ...program.device(box), '--probe', 'syscalls', '-o', file);
  const begun = expect.poll(() => recordedUntil(file), PATIENCE).toMatchObject({ syscalls: expect.any(Number) });
  await Promise.race([begun, endedEarly(recording)]);
  const { pid, threads } = await makeCalls(box, BUSY);
  const madeNs = await deviceNowNs(box);
  await expect.poll(async () => (await recordedUntil(file))['syscalls'], PATIENCE).toBeGreaterThan(madeNs);
  recording.child.kill('SIGINT');
  const { code, err } = await recording.ended;
  expect(code, err).toBe(0);
  const csv = await program.sonde('export', file, '-f', 'csv', '--per-window', '-o', '-', '--pid', String(pid));
  // The process was a shell before, which makes some too.
  const made = rowsOfCsv(csv).filter(({ call, comm }) => call === 'getppid' && comm?.startsWith('calls'));
  const sum = made.reduce((total, { count }) => total + Number(count), 0);
  expect(sum).toBe(threads.reduce((total, { calls }) => total + (calls['getppid 0'] ?? 0), 0));
  const seconds = made.map(({ from_ns, to_ns }) => (Number(to_ns) - Number(from_ns)) / NS_PER_S);
  console.log(`windows of ${seconds.map((each) => each.toFixed(1)).join(', ')} s`);
  expect(Math.max(...seconds), 'windows were added up').toBeGreaterThan(1.9);
});

test('top goes on, and shows who is busy', async () => {
  const watching = program.begin('top', ...program.device(box), '--probe', 'syscalls', '--sort', 'calls');
  await Promise.race([expect.poll(() => watching.out(), PATIENCE).toMatch(/CALLS\/S +ERR\/S/), endedEarly(watching)]);
  const made = makeCalls(box, BUSY);
  await expect.poll(() => watching.out(), PATIENCE).toMatch(/getppid +calls \(\d+\)/);
  await made;
  const tables = () => watching.out().split('CALLS/S').length;
  const before = tables();
  await expect.poll(tables, PATIENCE).toBeGreaterThan(before + 1);
  watching.child.kill('SIGINT');
  const { code, err } = await watching.ended;
  expect(code, err).toBe(0);
  await expect.poll(() => leftOn(box), PATIENCE).toBe(clean);
});
