/** A box that records by itself: begun by `sonde`, the link cut, fetched later; exact, bounded, and gone afterwards. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UnattendedStatus, WindowSignal } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { makeCalls } from './calls-checks.ts';
import { expectSeamless, signalsOf, windowsOf } from './flight-checks.ts';
import { buildProgram, rowsOfCsv, type SondeProgram } from './sonde-program.ts';
import { leftOn, watchSession } from './watched-session.ts';

const PATIENCE = { timeout: 180_000, interval: 1000 };
const CUT = "pkill -9 -f 'sshd: root' || true";

let box: Box;
let program: SondeProgram;
let clean = '';
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node' });
  clean = await leftOn(box);
});
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

const sonde = (command: string, ...words: readonly string[]) =>
  program.sonde(command, ...program.device(box), ...words);

interface Listed {
  readonly recordings: readonly {
    readonly id: string;
    readonly running: boolean;
    readonly bytes: number;
    readonly status: UnattendedStatus;
  }[];
}

async function list(): Promise<Listed['recordings']> {
  return (JSON.parse(await sonde('fetch', '--list', '--json')) as Listed).recordings;
}

async function expectClean(): Promise<void> {
  await expect.poll(() => leftOn(box), { timeout: 180_000, interval: 2000 }).toBe(clean);
  expect((await box.ssh('ls /var/lib/sonde/flight 2>/dev/null')).stdout).toBe('');
}

test('records while nobody is connected: every call, no gap; fetched in two pieces, and nothing stays', async () => {
  const started = await sonde('record', '--unattended', '--for', '1h', '--probe', 'cpu-profile,syscalls', '--json');
  const { id } = JSON.parse(started) as { id: string };
  await box.ssh(CUT);
  const { threads } = await makeCalls(box, '--calls 100000');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const [going] = await list();
  expect(going).toMatchObject({
    id,
    running: true,
    status: { state: 'recording', probes: expect.arrayContaining(['cpu-profile', 'syscalls']) },
  });
  expect(await sonde('doctor')).toContain(`The device records by itself: ${id}`);
  const resident = await box.ssh(
    "cat $(grep -l unattended /proc/[0-9]*/cmdline | sed 's/cmdline/status/' | head -1) | grep VmRSS",
  );
  console.log(`agent ${resident.stdout.trim()}, ${going?.bytes} bytes so far`);

  const sofar = path.join(program.folder, 'sofar.mcap');
  expect(await sonde('fetch', '-o', sofar)).toContain('it goes on, on the device');
  expectSeamless(windowsOf(await signalsOf(sofar), 'syscalls'));

  const file = path.join(program.folder, 'whole.mcap');
  expect(await sonde('fetch', '--stop', '-o', file)).toContain('it is deleted on the device');
  const signals = await signalsOf(file);
  expectSeamless(windowsOf(signals, 'syscalls'));
  expectSeamless(windowsOf(signals, 'cpu-profile'));
  const costs = signals.filter((signal) => signal.kind === 'cost');
  const cpuNs = costs.reduce((sum, { agentCpuNs, loaderCpuNs }) => sum + agentCpuNs + loaderCpuNs, 0);
  const spanNs = costs.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  console.log(
    `${readFileSync(file).length} bytes for ${(spanNs / 1e9).toFixed(0)} s, ${((cpuNs / spanNs) * 100).toFixed(1)} % of a CPU`,
  );
  for (const { tid, calls } of threads) {
    const csv = await program.sonde('export', file, '-f', 'csv', '-o', '-', '--tid', String(tid));
    const made = rowsOfCsv(csv).filter(({ call }) => call === 'getppid');
    expect(
      made.reduce((sum, { count }) => sum + Number(count), 0),
      `thread ${tid}`,
    ).toBe(calls['getppid 0'] ?? 0);
  }
  await expectClean();
});

test('a session keeps what just happened, and marks what its trigger saw', async () => {
  const watched = watchSession(box, { probes: [{ probe: 'cpu-profile', options: {} }] });
  try {
    await watched.until('live', ({ kind }) => kind === 'live');
    watched.session.setTriggers(['process:flight-burst']);
    await watched.moreWindows(6);
    await box.ssh('cp /bin/sleep /tmp/flight-burst; /tmp/flight-burst 6');
    await watched.moreWindows(1);
    const fired = watched.signals.filter((signal) => signal.kind === 'note' && signal.trigger !== undefined);
    expect(fired).toMatchObject([{ trigger: 'process:flight-burst', text: 'process:flight-burst: it was started' }]);
    const { file, seconds } = await watched.session.keepLast(60);
    const kept = await signalsOf(file);
    const windows = windowsOf(kept, 'cpu-profile');
    expectSeamless(windows);
    expect(seconds).toBeGreaterThan(3);
    const [fromNs, toNs] = [windows[0]?.fromNs ?? 0, windows.at(-1)?.toNs ?? 0];
    await watched.moreWindows(1);
    const shown = watched.windows().filter((window) => window.fromNs >= fromNs && window.toNs <= toNs);
    const samples = (all: readonly WindowSignal[]) => all.reduce((sum, { counters }) => sum + counters.kept, 0);
    expect(samples(windows)).toBe(samples(shown));
    expect(kept.some((signal) => signal.kind === 'probe' && signal.what.kind === 'started')).toBe(true);
  } finally {
    await watched.finish();
    watched.dispose();
  }
  await expectClean();
});

test('ends by itself at its time; remove tells what it deletes', async () => {
  await sonde('record', '--unattended', '--for', '5s');
  await expect
    .poll(async () => (await list())[0], PATIENCE)
    .toMatchObject({
      running: false,
      status: { state: 'ended', reason: 'its time is over' },
    });
  await expect.poll(() => leftOn(box), { timeout: 180_000, interval: 2000 }).toBe(clean);
  const [{ id = '' } = {}] = await list();
  expect(await sonde('remove')).toMatch(
    new RegExp(`deleted  the unattended recording ${id}[^]*Nothing of Sonde is left`),
  );
});
