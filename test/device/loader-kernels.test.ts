// The loader on kernels of several kinds: old and without BTF, locked down, arm64.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPACE, WIRE } from '../../remote-agent/protocol/loader.ts';
import { type Box, bootBox } from './box/boot.mjs';
import {
  BUILD_AND_BOOT_MS,
  bpfObjects,
  bring,
  expectExact,
  LOADER,
  loaders,
  startInBox,
  sum,
} from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';

describe('on two CPUs and an old kernel', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ kernel: '5.10', hideBtf: true, log: console.error });
    await bring(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('accounts for each sample, and tells its CPU', async () => {
    const busy = [0, 1].map((cpu) => startInBox(box, `taskset -c ${cpu} /opt/workload/truth-fp --seconds 900`));
    const pids = await Promise.all(busy);
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
    await session.gather(5);
    await session.end();
    await box.ssh(`kill ${pids.join(' ')}`);
    expect(session.ready).toMatchObject({ cpus: 2 });
    expectExact(session.batches);
    const rows = session.batches.flatMap((batch) => batch.rows).filter(({ comm }) => comm === 'truth-fp');
    for (const [cpu, pid] of pids.entries()) {
      const own = rows.filter(({ tgid }) => tgid === pid);
      expect(own.length).toBeGreaterThan(0);
      expect(new Set(own.map((row) => row.cpu))).toEqual(new Set([cpu]));
    }
    // main, alpha, the busy loop: a program with frame pointers is walked to its root.
    expect(Math.max(...rows.map(({ userFrames }) => userFrames))).toBeGreaterThanOrEqual(3);
  });

  test('follows CPUs that go offline and come back, however quickly', async () => {
    const turn = (...states: (0 | 1)[]) =>
      box.ssh(states.map((state) => `echo ${state} > /sys/devices/system/cpu/cpu1/online`).join('; '));
    const busy = await Promise.all([0, 1].map(() => startInBox(box, 'while :; do :; done')));
    try {
      await turn(0);
      const session = await LoaderSession.start(box, LOADER, 'cpu-profile --interval-ms 300');
      /** Of a batch that began after what was done before. */
      const cpus = async () => [...new Set((await session.gather(2)).at(-1)?.rows.map(({ cpu }) => cpu))].sort();
      expect(await cpus()).toEqual([0]);
      expect(session.ready).toMatchObject({ cpus: 1 });
      await turn(1);
      await expect.poll(cpus, { timeout: 180_000 }).toEqual([0, 1]);
      await turn(0);
      await expect.poll(cpus, { timeout: 180_000 }).toEqual([0]);
      await turn(1, 0, 1);
      await expect.poll(cpus, { timeout: 180_000 }).toEqual([0, 1]);
      await turn(0, 1);
      await expect.poll(cpus, { timeout: 180_000 }).toEqual([0, 1]);
      await session.end();
      expectExact(session.batches);
    } finally {
      await turn(1);
      await box.ssh(`kill ${busy.join(' ')}`);
    }
  });

  test('takes addresses of processes that are known, build-ids of all others', async () => {
    const script = 'while [ ! -e /tmp/go ]; do :; done; exec /opt/workload/truth-fp --seconds 900';
    const pid = await startInBox(box, `sh -c '${script}'`);
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 499 --interval-ms 200');
    /** Kinds of the process's user stacks in the next batches that have any. */
    const nextSpaces = async (comm: string) => {
      const first = session.batches.length + 2; // what is on its way was taken before
      const spaces = () => {
        const rows = session.batches.slice(first).flatMap((batch) => batch.rows);
        const own = rows.filter((row) => row.tgid === pid && row.comm === comm && row.userFrames > 0);
        // In the kernel's midst of exec the name is already new while the addresses are still the caller's.
        return [...new Set(own.filter((row) => row.kernelFrames === 0).map((row) => row.userSpace))];
      };
      await expect.poll(() => spaces().length, { timeout: 180_000 }).toBeGreaterThan(0);
      return spaces();
    };
    expect(await nextSpaces('sh')).toEqual([SPACE.userBuildId]);
    session.tell(WIRE.known, [pid, 999_999]);
    expect(await nextSpaces('sh')).toEqual([SPACE.user]);
    // exec makes it unknown, in the kernel: nobody tells the loader.
    await box.ssh('touch /tmp/go');
    expect(await nextSpaces('truth-fp')).toEqual([SPACE.userBuildId]);
    session.tell(WIRE.known, [pid]);
    expect(await nextSpaces('truth-fp')).toEqual([SPACE.user]);
    session.tell(WIRE.forget, [pid]);
    expect(await nextSpaces('truth-fp')).toEqual([SPACE.userBuildId]);
    await session.end();
    await box.ssh(`kill ${pid}`);
    expectExact(session.batches);
  });

  test('filters in the kernel', async () => {
    const pid = await startInBox(box, '/opt/workload/truth-fp --seconds 900 --threads 2');
    try {
      const only = async (args: string) => {
        const session = await LoaderSession.start(box, LOADER, `cpu-profile --interval-ms 300 ${args}`);
        await session.gather(4);
        await session.end();
        expectExact(session.batches);
        return { rows: session.batches.flatMap(({ rows }) => rows), filtered: sum(session.batches, 'filtered') };
      };
      const byPid = await only(`--pid ${pid}`);
      expect(new Set(byPid.rows.map(({ tgid }) => tgid))).toEqual(new Set([pid]));
      const tid = byPid.rows.find((row) => row.tid !== pid)?.tid ?? pid;
      const byTid = await only(`--tid ${tid}`);
      expect(new Set(byTid.rows.map((row) => row.tid))).toEqual(new Set([tid]));
      expect(byTid.filtered).toBeGreaterThan(0);
      const byCpu = await only('--cpu 1');
      expect(new Set(byCpu.rows.map(({ cpu }) => cpu))).toEqual(new Set([1]));
      await box.ssh(`mkdir -p /sys/fs/cgroup/sonde-test && echo ${pid} > /sys/fs/cgroup/sonde-test/cgroup.procs`);
      const byCgroup = await only('--cgroup /sonde-test');
      expect(new Set(byCgroup.rows.map(({ tgid }) => tgid))).toEqual(new Set([pid]));
    } finally {
      await box.ssh(`kill ${pid}`);
    }
  });

  test('with little memory still accounts for each sample', async () => {
    const pid = await startInBox(box, 'workload start');
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 999 --map-mb 1');
    await session.gather(10);
    await session.end();
    await box.ssh(`workload stop; kill ${pid}`);
    expect(Number(session.ready?.mapBytes)).toBeLessThanOrEqual(1 << 20);
    expectExact(session.batches);
  });

  const ends: [string, (session: LoaderSession) => unknown][] = [
    ['its stdin', (session) => session.end()],
    ['its link', (session) => session.kill()],
    ['its keeper', (session) => box.ssh(`kill -9 ${session.ready?.keeperPid}`)],
    ['SIGTERM', (session) => box.ssh(`kill -TERM ${session.ready?.keeperPid}`)],
  ];
  test.each(ends)('leaves nothing behind when it ends with %s', async (_name, end) => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
    await session.gather(1);
    await end(session);
    await expect.poll(() => loaders(box), { timeout: 180_000 }).toBe('0');
    expect(await bpfObjects(box)).toBe('');
  });

  test('ends with its parent, though its stdin stays open', async () => {
    const start = `${LOADER} run cpu-profile < /tmp/fifo > /tmp/batches & wait`;
    await box.ssh('mkfifo /tmp/fifo');
    await startInBox(box, "sh -c 'exec sleep 900 > /tmp/fifo'");
    const parent = await startInBox(box, `sh -c '${start}'`);
    await expect.poll(() => loaders(box), { timeout: 180_000 }).toBe('2');
    await box.ssh(`kill -9 ${parent}`);
    await expect.poll(() => loaders(box), { timeout: 180_000 }).toBe('0');
  });

  test('without privilege says so, and what to do', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile', 'ops');
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({
      code: 'kernel-no-permission',
      message: expect.stringMatching(/^cannot run cpu-profile: cannot load the programs: /),
      hint: 'Log in as root, or as a user who may use sudo.',
    });
  });

  test('runs on when its reader is slow, and then delivers all of it', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --interval-ms 50');
    await session.gather(1);
    await box.setLink(false);
    await sleep(6000);
    await box.setLink(true);
    await session.gather(20);
    await session.end();
    expectExact(session.batches);
    expect(sum(session.batches, 'lostMapFull') + sum(session.batches, 'lostStacksFull')).toBe(0);
  });
});

describe('on a locked-down kernel', () => {
  test(
    'samples, which reads no kernel memory, and says why it cannot count system calls, which does',
    async () => {
      const box = await bootBox({
        extraKernelArgs: ['lsm=lockdown,bpf', 'lockdown=confidentiality'],
        log: console.error,
      });
      try {
        await bring(box);
        expect((await box.ssh('cat /sys/kernel/security/lockdown')).stdout).toContain('[confidentiality]');
        const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
        expectExact(await session.gather(3));
        expect(await session.end()).toBe(0);
        const refused = await LoaderSession.startCalls(box, LOADER);
        expect(await refused.ended).toBe(1);
        expect(refused.fault).toMatchObject({ code: 'kernel-lockdown', hint: expect.stringContaining('lockdown') });
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});

describe('on arm64', () => {
  test(
    'accounts for each sample; sums files with the instructions of that processor',
    async () => {
      const box = await bootBox({ arch: 'arm64', log: console.error });
      try {
        await bring(box, 'aarch64');
        expect((await box.ssh('grep -c -w sha2 /proc/cpuinfo')).code).toBe(0);
        for (const bytes of [0, 55, 64, 119, 1_000_003]) {
          const made = `head -c ${bytes} /dev/urandom > /tmp/data; sha256sum /tmp/data; ${LOADER} sha256 /tmp/data`;
          const [theirs, ours] = (await box.ssh(made)).stdout.split('\n');
          expect(ours).toBe(theirs);
        }
        const pid = await startInBox(box, '/opt/workload/truth-fp --seconds 900');
        const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
        await session.gather(4);
        expect(await session.end()).toBe(0);
        expectExact(session.batches);
        const rows = session.batches.flatMap((batch) => batch.rows).filter(({ tgid }) => tgid === pid);
        expect(Math.max(...rows.map(({ userFrames }) => userFrames))).toBeGreaterThanOrEqual(3);
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});
