// The count of system calls beside a program that knows its own, on a box that counts instructions and has no BTF.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import {
  allRows,
  callsOf,
  countOf,
  expectLatency,
  expectTruth,
  expectWhole,
  makeCalls,
  TABLE,
  type Truth,
  UNKNOWN_BUCKET,
  UNKNOWN_NUMBER,
} from './calls-checks.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, LOADER, loaders, sum } from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';

const [ENOENT, EBADF, ENOSYS] = [2, 9, 38];

describe('system calls in exact time, without BTF', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ icount: true, hideBtf: true, log: console.error });
    await bring(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('counts a million calls of four threads exactly, and knows how long they took', async () => {
    const before = await bpfObjects(box);
    const session = await LoaderSession.startCalls(box, LOADER);
    await session.gather(1);
    const truth = await makeCalls(box);
    await session.gather(2);
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    const rows = allRows(session.batches);
    expect(truth.threads.reduce((total, { calls }) => total + callsIn(calls) - (calls['write 0'] ?? 0), 0)).toBe(
      1_000_000,
    );
    expectTruth(rows, truth);
    expectLatency(rows, truth);
    expect(new Set(rows.filter(({ tgid }) => tgid === truth.pid).map(({ comm }) => comm))).toContain('calls-worker');
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
    expect(await bpfObjects(box)).toBe(before);
    expect(await loaders(box)).toBe('0');
  });

  test('loses and doubles nothing when the worker is killed three times', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '--interval-ms 200');
    await session.gather(2);
    let isOver = false;
    const made = makeCalls(box, '--calls 2000000').finally(() => (isOver = true));
    for (let i = 0; i < 3; i++) {
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      expect((await box.ssh(`kill -9 ${worker}`)).code).toBe(0);
      await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(i + 1);
      await session.gather(2);
    }
    expect(isOver, 'the calls went on meanwhile').toBe(false);
    const truth = await made;
    await session.gather(2);
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    expectTruth(allRows(session.batches), truth);
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
  });

  test('counts what returns twice, elsewhere or never, and names no number that is not known', async () => {
    const session = await LoaderSession.startCalls(box, LOADER);
    await session.gather(1);
    const { code, stdout } = await box.ssh('/opt/workload/odd_calls');
    expect(code).toBe(0);
    const known = JSON.parse(stdout) as Record<string, number>;
    await session.gather(2);
    await session.end();
    expectWhole(session.batches);
    const rows = allRows(session.batches);
    const own = rows.filter(({ tgid }) => tgid === known.pid);
    const children = rows.filter(({ comm }) => comm === 'odd-child');
    expect({
      clone: countOf(own, TABLE.x86_64, 56),
      childGetppid: countOf(children, TABLE.x86_64, 110),
      rt_sigreturn: countOf(own, TABLE.x86_64, 15),
      x32: countOf(own, TABLE.x32, 110, ENOSYS),
      noSuchNumber: countOf(own, TABLE.x86_64, 100_000, ENOSYS),
      notANumber: countOf(own, TABLE.x86_64, UNKNOWN_NUMBER, ENOSYS),
      yieldsAfterExec: countOf(own, TABLE.x86_64, 24),
    }).toEqual({ ...known, program: undefined, pid: undefined });
    // The shell became the program, and a thread of it began the program anew, as /proc/self/exe.
    const executions = (comm: string) =>
      countOf(
        own.filter((row) => row.comm === comm),
        TABLE.x86_64,
        59,
      );
    expect([executions('odd_calls'), executions('exe')]).toEqual([1, 1]);
    expect(own.filter(({ bucket }) => bucket === UNKNOWN_BUCKET)).toEqual([]);
    expect(children.filter(({ bucket, number }) => bucket === UNKNOWN_BUCKET || number === 56)).toEqual([]);
  });

  test('names the calls of a 32-bit program by its own table', async () => {
    const session = await LoaderSession.startCalls(box, LOADER);
    await session.gather(1);
    expect((await box.ssh('/opt/workload/calls32')).code).toBe(0);
    await session.gather(2);
    await session.end();
    expectWhole(session.batches);
    const own = allRows(session.batches).filter(({ comm }) => comm === 'calls32');
    const of32 = own.filter(({ table }) => table === TABLE.i386);
    expect(of32.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(expect.arrayContaining([4, 5, 64]));
    expect([
      countOf(of32, TABLE.i386, 64),
      countOf(of32, TABLE.i386, 5, ENOENT),
      countOf(of32, TABLE.i386, 4, EBADF),
    ]).toEqual([1000, 1000, 1000]);
    expect(callsOf(of32)).toBe(3000);
    // What came before was the shell's: its execve keeps the name that it had there.
    expect(own.filter(({ table }) => table !== TABLE.i386).map(({ table, number }) => [table, number])).toEqual([
      [TABLE.x86_64, 59],
    ]);
  });

  test('tells calls that had begun before by a duration that is not known', async () => {
    const made = makeCalls(box, '--calls 44 --sleeps 10 --sleep-us 800000 --blocks 1');
    await expect.poll(async () => (await box.ssh('pidof calls')).stdout.trim()).not.toBe('');
    const session = await LoaderSession.startCalls(box, LOADER);
    const truth = await made;
    await session.gather(2);
    await session.end();
    expectWhole(session.batches);
    for (const { tid } of truth.threads) {
      const sleeps = allRows(session.batches).filter((row) => row.tid === tid && row.number === 230);
      expect(callsOf(sleeps.filter(({ bucket }) => bucket === UNKNOWN_BUCKET))).toBe(1);
      const known = sleeps.filter(({ bucket }) => bucket !== UNKNOWN_BUCKET);
      expect(new Set(known.map(({ bucket }) => bucket))).toEqual(new Set([29]));
      expect(callsOf(known)).toBeGreaterThan(2);
    }
  });

  test('counts and names processes that begin and end within a window, also under one id', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '--interval-ms 5000');
    await session.gather(1);
    const script = `for i in 1 2 3; do echo 29999 > /proc/sys/kernel/ns_last_pid; /opt/workload/calls --calls 40 --threads 1 --sleeps 0 --blocks 0 & wait; done`;
    const { stdout } = await box.ssh(script);
    await session.gather(1);
    await session.end();
    expectWhole(session.batches);
    const truths = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Truth);
    expect(truths.map(({ pid }) => pid)).toEqual([30_000, 30_000, 30_000]);
    const own = allRows(session.batches).filter(({ tgid, comm }) => tgid === 30_000 && comm === 'calls-worker');
    const lives = [...new Set(own.map(({ life }) => life))];
    expect(lives).toHaveLength(3);
    for (const [i, life] of lives.entries())
      expectTruth(
        own.filter((row) => row.life === life),
        truths[i] as Truth,
      );
  });

  test('keeps count of ten thousand threads', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '--map-mb 64');
    await session.gather(1);
    const truth = await makeCalls(box, '--threads 10000 --calls 200000 --sleeps 1 --blocks 0');
    await session.gather(2);
    await session.end();
    expect(truth.threads).toHaveLength(10_000);
    expectWhole(session.batches);
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
    expectTruth(allRows(session.batches), truth);
  });

  test('with little memory and a worker that does not come loses calls, and says how many', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '--map-mb 2');
    await session.gather(1);
    await box.ssh(`kill -STOP ${session.ready?.workerPid}`);
    const truth = await makeCalls(box, '--threads 5000 --calls 100000 --sleeps 1 --blocks 0');
    await box.ssh(`kill -CONT ${session.ready?.workerPid}`);
    await session.gather(3);
    await session.end();
    expect(Number(session.ready?.mapBytes)).toBeLessThanOrEqual(2 << 20);
    expectWhole(session.batches);
    const lost = sum(session.batches, 'lostMapFull');
    const own = allRows(session.batches).filter(({ tgid }) => tgid === truth.pid);
    expect(lost).toBeGreaterThan(0);
    expect(callsOf(own)).toBeLessThan(100_000);
    expect(callsOf(own) + lost).toBeGreaterThan(100_000);
  });
});

const callsIn = (calls: Readonly<Record<string, number>>) =>
  Object.values(calls).reduce((total, count) => total + count, 0);
