// The count of system calls on kernels of several kinds: two CPUs of an old one without BTF, arm64.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { allRows, countOf, expectTruth, expectWhole, makeCalls, TABLE } from './calls-checks.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, LOADER, loaders, startInBox, sum } from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';
import { removeFolder } from '../remove-folder.ts';

const ENOENT = 2;

describe('system calls on two CPUs and an old kernel', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ kernel: '5.10', hideBtf: true, log: console.error });
    await bring(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('counts every call, also of threads that change their CPU', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '--interval-ms 300');
    await session.gather(1);
    const truth = await makeCalls(box, '--threads 8 --calls 400000');
    await session.gather(2);
    expect(await session.end()).toBe(0);
    expect(session.ready).toMatchObject({ cpus: 2 });
    expect(Number(session.ready?.mapBytes)).toBeLessThanOrEqual(16 << 20);
    expectWhole(session.batches);
    expectTruth(allRows(session.batches), truth);
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
  });

  test('comes and goes under full load: nothing stays behind, and those who call do not notice', async () => {
    const before = await bpfObjects(box);
    let isOver = false;
    const made = makeCalls(box, '--threads 8 --calls 20000000 --sleeps 0 --blocks 0').finally(() => (isOver = true));
    for (let round = 0; round < 3; round++) {
      const session = await LoaderSession.startCalls(box, LOADER, '--interval-ms 200');
      const slow = await LoaderSession.startSlow(box, LOADER, '--min-us 0 --per-second 50');
      await Promise.all([session.gather(2), slow.gather(2)]);
      expect([await session.end(), await slow.end()]).toEqual([0, 0]);
      expectWhole(session.batches);
      // Calls were in flight when it came: none of them has a time that it cannot have.
      const watchedNs = Number((session.batches.at(-1)?.toNs ?? 0n) - (session.batches[0]?.fromNs ?? 0n));
      for (const { longest } of allRows(session.batches)) expect(longest).toBeLessThan(watchedNs);
    }
    expect(isOver, 'the calls went on meanwhile').toBe(false);
    const { threads } = await made;
    expect(threads.map(({ wrong }) => wrong)).toEqual(threads.map(() => 0));
    expect(await bpfObjects(box)).toBe(before);
    expect(await loaders(box)).toBe('0');
  });

  test('filters in the kernel', async () => {
    const pid = await startInBox(box, '/opt/workload/truth-fp --seconds 900 --threads 2 --load 20');
    try {
      const only = async (args: string) => {
        const session = await LoaderSession.startCalls(box, LOADER, `--interval-ms 300 ${args}`);
        await session.gather(4);
        await session.end();
        expectWhole(session.batches);
        expect(sum(session.batches, 'filtered')).toBeGreaterThan(0);
        return allRows(session.batches);
      };
      const byPid = await only(`--pid ${pid}`);
      expect(new Set(byPid.map(({ tgid }) => tgid))).toEqual(new Set([pid]));
      const tid = byPid.find((row) => row.tid !== pid)?.tid ?? pid;
      expect(new Set((await only(`--tid ${tid}`)).map((row) => row.tid))).toEqual(new Set([tid]));
      await box.ssh(`mkdir -p /sys/fs/cgroup/sonde-test && echo ${pid} > /sys/fs/cgroup/sonde-test/cgroup.procs`);
      expect(new Set((await only('--cgroup /sonde-test')).map(({ tgid }) => tgid))).toEqual(new Set([pid]));
      expect(await only('--pid 4194304'), 'a filter that matches nothing').toEqual([]);
    } finally {
      await box.ssh(`kill ${pid}`);
    }
  });

  const ends: [string, (session: LoaderSession<unknown>) => unknown][] = [
    ['its stdin', (session) => session.end()],
    ['its link', (session) => session.kill()],
    ['its keeper', (session) => box.ssh(`kill -9 ${session.ready?.keeperPid}`)],
  ];
  test.each(ends)('leaves a busy box as it was when it ends with %s', async (_name, end) => {
    const busy = 'while :; do /opt/workload/calls --calls 2000000 --sleeps 0 --blocks 0; done';
    const pid = await startInBox(box, `setsid sh -c '${busy}'`);
    try {
      const session = await LoaderSession.startCalls(box, LOADER);
      await session.gather(3);
      await end(session);
      await expect.poll(() => loaders(box), { timeout: 180_000 }).toBe('0');
      expect(await bpfObjects(box)).toBe('');
      expectWhole(session.batches);
      expect(sum(session.batches, 'seen')).toBeGreaterThan(10_000);
      const truth = await makeCalls(box, '--calls 4000');
      expect(truth.threads.every(({ wrong }) => wrong === 0)).toBe(true);
    } finally {
      await box.ssh(`kill -- -${pid}; pkill -x calls`);
    }
  });

  test('without privilege says so, and what to do', async () => {
    const session = await LoaderSession.startCalls(box, LOADER, '', 'ops');
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({
      code: 'kernel-no-permission',
      message: expect.stringMatching(/^cannot run syscalls: cannot load the programs: /),
    });
  });

  test('where the kernel has no tracepoints says so', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sonde-no-tracepoints-'));
    onTestFinished(() => removeFolder(folder));
    execFileSync('gcc', ['-O1', '-static', '-o', `${folder}/program`, 'test/device/no-tracepoints.c']);
    const input = readFileSync(`${folder}/program`);
    await box.ssh('cat > /tmp/no-tracepoints && chmod +x /tmp/no-tracepoints', { input });
    const session = await LoaderSession.startCalls(box, `/tmp/no-tracepoints ${LOADER}`);
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({
      code: 'kernel-no-bpf',
      message: 'cannot run syscalls: cannot attach to sched_process_exit: the kernel has no such tracepoint',
      hint: expect.stringContaining('CONFIG_HAVE_SYSCALL_TRACEPOINTS'),
    });
    expect(await bpfObjects(box)).toBe('');
  });
});

describe('system calls on arm64', () => {
  test(
    'are counted by the numbers of its own table',
    async () => {
      const box = await bootBox({ arch: 'arm64', hideBtf: true, log: console.error });
      try {
        await bring(box, 'aarch64');
        const session = await LoaderSession.startCalls(box, LOADER);
        await session.gather(1);
        const truth = await makeCalls(box, '--calls 40000');
        await session.gather(2);
        await session.end();
        expectWhole(session.batches);
        const rows = allRows(session.batches);
        expectTruth(rows, truth, 'arm64');
        expect(new Set(rows.map(({ table }) => table))).toEqual(new Set([TABLE.arm64]));
        expect(countOf(rows, TABLE.arm64, 56, ENOENT)).toBeGreaterThan(0);
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});
