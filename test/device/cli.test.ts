/** `sonde` as people run it, on a real box: system calls recorded, exported, watched; checked by a program that knows its own. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { makeCalls, type Truth } from './calls-checks.ts';
import { buildProgram, deviceNowNs, endedEarly, recordedUntil, rowsOfCsv, type SondeProgram } from './sonde-program.ts';
import { leftOn } from './watched-session.ts';

const PATIENCE = { timeout: 180_000, interval: 1000 };

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

const begin = (...words: readonly string[]) => program.begin(...words);
const sonde = (...words: readonly string[]) => program.sonde(...words);
const device = () => program.device(box);
const fileCalled = (name: string) => path.join(program.folder, name);

async function expectClean(): Promise<void> {
  await expect.poll(() => leftOn(box), { timeout: 180_000, interval: 2000 }).toBe(clean);
}

/** Calls by name and errno, as the truth has them. */
interface Document {
  readonly counters: { readonly seen: number; readonly kept: number; readonly lost: object };
  readonly calls: readonly { call: string; pid: number; comm: string; count: number; errors: number }[];
  readonly errors: readonly { call: string; errno_number: number; count: number }[];
}

function countsOf({ calls, errors }: Document, names: ReadonlySet<string>): Record<string, number> {
  const all = [
    ...calls.map(({ call, count, errors: failed }) => [`${call} 0`, count - failed] as const),
    ...errors.map(({ call, errno_number, count }) => [`${call} ${errno_number}`, count] as const),
  ];
  return Object.fromEntries(all.filter(([key, count]) => count > 0 && names.has(key)));
}

test('what is recorded beside CPU samples and exported is what the program did, call by call', async () => {
  const file = fileCalled('calls.sonde.mcap');
  const recording = begin('record', ...device(), '--probe', 'cpu-profile,syscalls', '-o', file);
  const both = { 'cpu-profile': expect.any(Number), syscalls: expect.any(Number) };
  await Promise.race([expect.poll(() => recordedUntil(file), PATIENCE).toMatchObject(both), endedEarly(recording)]);
  const truth: Truth = await makeCalls(box, '--calls 100000');
  const madeNs = await deviceNowNs(box);
  await expect.poll(async () => (await recordedUntil(file))['syscalls'], PATIENCE).toBeGreaterThan(madeNs);
  recording.child.kill('SIGINT');
  const { code, out, err } = await recording.ended;
  expect(code, err).toBe(0);
  expect(out).toMatch(/ Hz on \d CPUs/);
  expect(out).toMatch(/s of system calls: \d+/);
  for (const { tid, calls } of truth.threads) {
    const text = await sonde('export', file, '-f', 'json', '-o', '-', '--tid', String(tid));
    const document = JSON.parse(text) as Document;
    const made = Object.fromEntries(Object.entries(calls).filter(([, count]) => count > 0));
    expect(document.counters.lost).toEqual({});
    expect(countsOf(document, new Set(Object.keys(calls))), `thread ${tid}`).toEqual(made);
    expect(new Set(document.calls.map(({ pid }) => pid))).toEqual(new Set([truth.pid]));
  }
  await expectTables(file, truth);
  expect(await sonde('export', file, '-f', 'folded', '-o', '-')).toContain('# device: ');
  expect(await sonde('info', file)).toContain('openat → ENOENT (No such file or directory)  calls');
  await expectClean();
});

/** The csv tables add up to what all threads did together. */
async function expectTables(file: string, { pid, threads }: Truth): Promise<void> {
  const made = (key: string): number => threads.reduce((sum, { calls }) => sum + (calls[key] ?? 0), 0);
  const rows = async (...more: readonly string[]): Promise<Record<string, string>[]> => {
    const csv = await sonde('export', file, '-f', 'csv', '-o', '-', '--pid', String(pid), ...more);
    // The process was sshd's and a shell before. One that is over before it can be looked at has its thread's name.
    return rowsOfCsv(csv).filter((row) => /^calls(-worker)?$/.test(row['comm'] ?? ''));
  };
  const sumOf = (of: readonly Record<string, string>[], call: string, more: Record<string, string> = {}): number =>
    of
      .filter((row) => row['call'] === call && Object.entries(more).every(([name, value]) => row[name] === value))
      .reduce((sum, row) => sum + Number(row['count']), 0);
  const whole = await rows();
  expect(sumOf(whole, 'getppid', { abi: 'x86-64', errors: '0' })).toBe(made('getppid 0'));
  expect(sumOf(whole, 'clock_nanosleep')).toBe(made('clock_nanosleep 0'));
  expect(sumOf(await rows('--per-window'), 'getppid')).toBe(made('getppid 0'));
  expect(sumOf(await rows('--table', 'errors'), 'write', { errno: 'EBADF' })).toBe(made('write 9'));
  const [sleep] = whole.filter((row) => row['call'] === 'clock_nanosleep');
  const { slept } = threads.reduce((a, b) => (a.slept.longestNs > b.slept.longestNs ? a : b));
  expect(Number(sleep?.['max_ns'])).toBeLessThanOrEqual(slept.longestNs);
  expect(Number(sleep?.['max_ns'])).toBeGreaterThan(slept.longestNs / 2);
  for (const quantile of ['p50_ns', 'p99_ns']) expect(Number(sleep?.[quantile])).toBeLessThanOrEqual(slept.longestNs);
}

test('single calls that failed are recorded and exported, each with its arguments, beside the counts', async () => {
  const file = fileCalled('slow.sonde.mcap');
  const words = ['--probe', 'syscalls,slow-syscalls', '--calls', 'openat', '--errno', 'ENOENT', '--min-us', '0'];
  const recording = begin('record', ...device(), ...words, '--per-second', '5000', '-o', file);
  const both = { 'slow-syscalls': expect.any(Number), syscalls: expect.any(Number) };
  await Promise.race([expect.poll(() => recordedUntil(file), PATIENCE).toMatchObject(both), endedEarly(recording)]);
  const { pid, threads } = await makeCalls(box, '--calls 4000 --sleeps 0 --blocks 0');
  const madeNs = await deviceNowNs(box);
  await expect.poll(async () => (await recordedUntil(file))['slow-syscalls'], PATIENCE).toBeGreaterThan(madeNs);
  recording.child.kill('SIGINT');
  const { code, out, err } = await recording.ended;
  expect(code, err).toBe(0);
  expect(out).toMatch(/s of slow and failing calls: \d+ returned/);
  expect(out).toMatch(/s of system calls: \d+/);
  const workers = new Set(threads.map(({ tid }) => tid));
  const text = await sonde('export', file, '-f', 'json', '--table', 'slow', '-o', '-', '--pid', String(pid));
  const { slow } = JSON.parse(text) as { slow: { tid: number; text: string; errno: string; in_progress: number }[] };
  const own = slow.filter(({ tid }) => workers.has(tid)).map((row) => `${row.text} ${row.errno} ${row.in_progress}`);
  expect(own).toHaveLength(threads.reduce((sum, { calls }) => sum + (calls['openat 2'] ?? 0), 0));
  expect(new Set(own)).toEqual(new Set(['openat(AT_FDCWD, "/nowhere/at/all", O_RDONLY) ENOENT 0']));
  const csv = await sonde('export', file, '-f', 'csv', '--table', 'slow', '-o', '-', '--pid', String(pid));
  expect(csv.trimEnd().split('\n')).toHaveLength(slow.length + 1);
  await expectClean();
});

test('top: blocks in a pipe; Ctrl-C ends it and leaves nothing', async () => {
  const watching = begin('top', ...device(), '--sort', 'calls', '--by', 'both');
  await expect.poll(() => watching.out(), PATIENCE).toMatch(/CALLS\/S +ERR\/S/);
  const made = makeCalls(box, '--calls 200000');
  await expect.poll(() => watching.out(), PATIENCE).toMatch(/getppid +calls \(\d+\)/);
  await made;
  watching.child.kill('SIGINT');
  const { code, err } = await watching.ended;
  expect(code, err).toBe(0);
  await expectClean();
});

test('a filter that matches nothing says so', async () => {
  const file = fileCalled('nothing.sonde.mcap');
  const words = ['--probe', 'syscalls', '--pid', '4194303', '--for', '4s', '-o', file];
  const { code, err } = await begin('record', ...device(), ...words).ended;
  expect(code, err).toBe(0);
  expect(err).toMatch(/nothing matched --pid 4194303: \d+ calls seen and filtered out/);
});
