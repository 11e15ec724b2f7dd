/** The bundled agent recording by itself, with a scripted loader: what lies on the disk when nobody was connected. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { toRecording } from '../../electron/session/index.ts';
import { parseStatus, type Signal, unattendedCommand, type UnattendedPlan } from '../../remote-agent/protocol/index.ts';
import { agent, bundle, exit, runAgent, script, useAgent } from './agent-stage.ts';
import { removeFolder } from '../remove-folder.ts';

useAgent();

const LOADER = fileURLToPath(new URL('../unit/agent/scripted-loader.mjs', import.meta.url));
const BATCH = {
  stacks: [{ hash: 1, space: 0, frames: [String(0xffffffff81000123n)] }],
  rows: [{ tgid: 2, tid: 2, comm: 'kthreadd', kernel: 1, samples: 3 }],
};
const STARTED_MS = 1_700_000_000_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sonde-flight-`);
  chmodSync(folder, 0o700);
});
afterEach(() => removeFolder(folder));

const status = () => {
  const file = `${folder}/status.json`;
  return existsSync(file) ? parseStatus(readFileSync(file, 'utf8')) : null;
};

function record(launches: unknown[][], plan: Partial<UnattendedPlan> = {}): Promise<string> {
  writeFileSync(script, JSON.stringify({ launches }));
  const whole: UnattendedPlan = {
    id: '20261123-010203-abcdef',
    destination: 'root@box',
    workstationMs: STARTED_MS,
    probes: [{ probe: 'cpu-profile', options: { hz: '49' } }],
    forS: 600,
    maxBytes: 1e7,
    triggers: [],
    beforeS: 2,
    afterS: 2,
    ...plan,
  };
  writeFileSync(`${folder}/plan.json`, JSON.stringify(whole));
  const command = unattendedCommand({ node: process.execPath, agent: bundle, loader: LOADER, runDir: folder });
  return runAgent(command.slice(command.indexOf(process.execPath) + 1), { SONDE_SCRIPT: script });
}

async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { timeout: 120_000, interval: 50 }).toBe(true);
}

async function recorded(): Promise<readonly Signal[]> {
  const found = status();
  if (!found) throw new Error('there is no status');
  await toRecording(`${folder}/records`, found, `${folder}/made.sonde.mcap`);
  const reader = await openRecording(`${folder}/made.sonde.mcap`);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  expect(reader.warning).toBe(null);
  expect(reader.info).toMatchObject({ destination: 'root@box' });
  await reader.close();
  return signals;
}

const windowsOf = (signals: readonly Signal[]) => signals.filter((signal) => signal.kind === 'window');
const notesOf = (signals: readonly Signal[]) =>
  signals.flatMap((signal) => (signal.kind === 'note' ? [signal.text] : []));

it('keeps every window without a gap, names its end, and leaves only its files', async () => {
  void record([[{ ready: true }, { every: 50, repeat: BATCH }]]);
  await until(() => status()?.state === 'recording');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  agent.kill('SIGTERM');
  expect(await exit()).toBe(0);
  expect(status()).toMatchObject({ state: 'ended', reason: 'terminated', probes: ['cpu-profile'], failures: [] });
  const signals = await recorded();
  const windows = windowsOf(signals);
  expect(windows.length).toBeGreaterThan(5);
  for (const [i, { fromNs }] of windows.entries()) expect(fromNs).toBe(i === 0 ? 1 : windows[i - 1]?.toNs);
  expect(windows.every(({ counters }) => counters.kept === 3)).toBe(true);
  expect(signals[0]?.kind).toBe('device');
  expect(notesOf(signals).at(-1)).toBe('the unattended recording ends: terminated');
  expect(existsSync(`${folder}/kallsyms`)).toBe(false);
});

it('ends by itself at its time, and where no probe runs it says why', async () => {
  void record([[{ ready: true }, { every: 50, repeat: BATCH }]], { forS: 2 });
  expect(await exit()).toBe(0);
  expect(status()).toMatchObject({ state: 'ended', reason: 'its time is over' });
  rmSync(`${folder}/records`);
  rmSync(`${script}.launches`, { force: true });
  void record([[{ fault: ['kernel-no-permission', 'cannot open perf event', '', 'EACCES'] }, { exit: 1 }]]);
  expect(await exit()).toBe(0);
  expect(status()?.reason).toMatch(/^no probe runs: .*cannot open perf event/);
});

it('holds its size, and what it kept can be read', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({ ...BATCH.rows[0], tid: 3 + i, samples: (i * 7919) % 1000 }));
  void record([[{ ready: true }, { every: 10, strangers: true, repeat: { ...BATCH, rows } }]], { maxBytes: 1e6 });
  expect(await exit()).toBe(0);
  expect(status()).toMatchObject({ state: 'ended', reason: 'its size is reached' });
  expect(readFileSync(`${folder}/records`).length).toBeLessThanOrEqual(1e6);
  expect(windowsOf(await recorded()).length).toBeGreaterThan(10);
}, 60_000);

it('is read to its last whole block after a power cut', async () => {
  void record([[{ ready: true }, { every: 50, repeat: BATCH }]]);
  await until(() => existsSync(`${folder}/records`) && readFileSync(`${folder}/records`).length > 0);
  agent.kill('SIGKILL');
  await exit();
  writeFileSync(`${folder}/records`, 'SNDB and half of a block', { flag: 'a' });
  expect(status()?.state).not.toBe('ended');
  const windows = windowsOf(await recorded());
  expect(windows.length).toBeGreaterThan(10);
  for (const [i, { fromNs }] of windows.entries()) expect(fromNs).toBe(i === 0 ? 1 : windows[i - 1]?.toNs);
});

it('keeps what is around a trigger, and marks it', async () => {
  void record([[{ ready: true }, { every: 100, repeat: BATCH }]], {
    triggers: ['process:sonde-burst'],
    beforeS: 2,
    afterS: 1,
  });
  await until(() => status()?.state === 'recording');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  // Started again and again: an agent that looks once a second sees one of them.
  const name = `${dirname(script)}/sonde-burst`;
  writeFileSync(name, '#!/bin/sh\nsleep 3\n', { mode: 0o755 });
  const { spawn } = await import('node:child_process');
  const burst = spawn(name);
  await until(() => status()?.firings === 1);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  burst.kill();
  agent.kill('SIGTERM');
  await exit();
  const signals = await recorded();
  expect(signals.flatMap((signal) => (signal.kind === 'note' && signal.trigger ? [signal.trigger] : []))).toEqual([
    'process:sonde-burst',
  ]);
  const windows = windowsOf(signals);
  const seconds = windows.length * 0.1;
  expect(seconds).toBeGreaterThan(1.5);
  expect(seconds).toBeLessThan(9);
  expect(notesOf(signals).some((text) => /windows since the last trigger were not kept/.test(text))).toBe(true);
}, 60_000);
