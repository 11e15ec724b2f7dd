// The loader and its programs on real kernels. Two boxes: one counts instructions and so keeps exact time however busy
// this computer is, one has two CPUs and an old kernel. Neither has BTF.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureNative } from '../../build/native.mjs';
import { SPACE, WIRE } from '../../remote-agent/protocol/loader.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { type Batch, LoaderSession } from './loader-session.ts';

const BUILD_AND_BOOT_MS = 900_000;
const LOADER = '/opt/loader';
/** Share by which the number of samples may differ from rate × time. */
const RATE_TOLERANCE = 0.02;

async function bring(box: Box): Promise<void> {
  const { x86_64 } = await ensureNative({ arches: ['x86_64'] });
  const { code, stderr } = await box.ssh(`cat > ${LOADER} && chmod 755 ${LOADER}`, {
    input: await readFile(x86_64 ?? ''),
  });
  if (code !== 0) throw new Error(stderr);
}

const sum = (batches: Batch[], name: keyof Batch['counters']) =>
  batches.reduce((total, { counters }) => total + Number(counters[name]), 0);

const elapsedNs = (batches: Batch[]) => Number((batches.at(-1)?.toNs ?? 0n) - (batches[0]?.fromNs ?? 0n));

/** What holds of any batches of one run, whatever happened to the workers. */
function expectExact(batches: Batch[]): void {
  for (const [i, { number, fromNs, rows, stacks, counters: c }] of batches.entries()) {
    expect(number).toBe(i);
    if (i > 0) expect(fromNs, `batch ${number} begins where the one before ended`).toBe(batches[i - 1]?.toNs);
    expect(c.seen).toBe(c.kept + c.idle + c.filtered + c.lostMapFull + c.lostStacksFull);
    expect(rows.reduce((total, { samples }) => total + samples, 0)).toBe(Number(c.kept));
    const isWhole = rows.every((row) => !Number.isNaN(row.kernelFrames) && !Number.isNaN(row.userFrames));
    expect(isWhole, `all stacks of batch ${number} are in it`).toBe(true);
    expect([...stacks.values()].every((frames) => frames > 0 && frames <= 127)).toBe(true);
  }
}

function expectRate(batches: Batch[], perSecond: number): void {
  const wanted = (elapsedNs(batches) / 1e9) * perSecond;
  const seen = sum(batches, 'seen');
  expect(Math.abs(seen - wanted) / wanted, `${seen} samples instead of ${wanted}`).toBeLessThan(RATE_TOLERANCE);
}

/** Runs in the background of the box until the session of the test ends; resolves with its process id. */
async function startInBox(box: Box, command: string): Promise<number> {
  return Number((await box.ssh(`${command} >/dev/null 2>&1 </dev/null & echo $!`)).stdout);
}

const bpfObjects = async (box: Box) => (await box.ssh('bpftool prog show; bpftool map show; bpftool link show')).stdout;

const loaders = async (box: Box) =>
  (await box.ssh('ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c "> /opt/loader"')).stdout.trim();

describe('in exact time, without BTF', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ icount: true, hideBtf: true, log: console.error });
    await bring(box);
    // One CPU that is never idle: each tick is a sample, in whatever process.
    await startInBox(box, 'while :; do :; done');
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('samples at its rate, and accounts for each sample', async () => {
    expect((await box.ssh('ls /sys/kernel/btf')).code).not.toBe(0);
    const before = await bpfObjects(box);
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 99');
    await session.gather(6);
    expect(session.ready).toMatchObject({ cpus: 1 });
    expect(Number(session.ready?.mapBytes)).toBeLessThan(3 << 20);
    expect(await bpfObjects(box)).toContain('take_sample');
    expect(await session.end()).toBe(0);
    expectExact(session.batches);
    expectRate(session.batches, 99);
    expect(elapsedNs(session.batches.slice(0, 1)) / 1e6, 'the first picture comes early').toBeLessThan(300);
    expect(await bpfObjects(box)).toBe(before);
    expect(await loaders(box)).toBe('0');
  });

  test('costs little', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
    await session.gather(8);
    await session.end();
    const [first, last] = [session.costs[1], session.costs.at(-1)];
    const seconds = Number((last?.atNs ?? 0n) - (first?.atNs ?? 0n)) / 1e9;
    const ms = (name: 'cpuNs' | 'bpfCpuNs') => Number((last?.[name] ?? 0n) - (first?.[name] ?? 0n)) / 1e6 / seconds;
    expect(ms('cpuNs')).toBeLessThan(5);
    expect(ms('bpfCpuNs')).toBeGreaterThan(0);
    expect(ms('bpfCpuNs')).toBeLessThan(5);
    expect(Number(last?.residentBytes)).toBeLessThan(2 << 20);
  });

  test('loses and doubles nothing when the worker is killed three times', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 499 --interval-ms 200');
    await session.gather(2);
    for (let i = 0; i < 3; i++) {
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      expect((await box.ssh(`kill -9 ${worker}`)).code).toBe(0);
      await expect.poll(() => session.workers.length, { timeout: 20_000 }).toBe(i + 1);
      await session.gather(2);
    }
    expect(await session.end()).toBe(0);
    expect(session.workers.map(({ waitStatus, restarts }) => [waitStatus, restarts])).toEqual([
      [9, 1],
      [9, 2],
      [9, 3],
    ]);
    expectExact(session.batches);
    expectRate(session.batches, 499);
    expect(sum(session.batches, 'lostMapFull') + sum(session.batches, 'lostStacksFull')).toBe(0);
  });

  test('sends a batch again that a killed worker had sent in part', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 499 --interval-ms 50');
    await session.gather(2);
    const { keeperPid, workerPid } = session.ready ?? { keeperPid: 0, workerPid: 0 };
    // A keeper that does not read fills the worker's socket within 60 batches: the worker hangs in the middle of one.
    await box.ssh(
      `kill -STOP ${keeperPid}; sleep 8; cat /proc/${workerPid}/wchan; kill -9 ${workerPid}; kill -CONT ${keeperPid}`,
    );
    await session.gather(4);
    expect(await session.end()).toBe(0);
    expect(session.workers).toHaveLength(1);
    expect([session.cut, session.repeats]).toEqual([1, 0]);
    expectExact(session.batches);
    expectRate(session.batches, 499);
  });

  test('gives up when its worker keeps dying', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
    await session.gather(1);
    // Five deaths: each new worker is killed as soon as it is known.
    for (let i = 0; i < 5; i++) {
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      await box.ssh(`kill -9 ${worker}`);
      if (i < 4) await expect.poll(() => session.workers.length, { timeout: 20_000 }).toBe(i + 1);
    }
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({ code: 'loader-crashed' });
    expect(session.fault?.message).toMatch(/^cannot run cpu-profile: the worker died 5 times within 10 s/);
    expect(await loaders(box)).toBe('0');
  });
});

describe('on two CPUs and an old kernel', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ kernel: '5.10', hideBtf: true, log: console.error });
    await bring(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('accounts for each sample, and tells its CPU', async () => {
    const busy = [0, 1].map((cpu) => startInBox(box, `taskset -c ${cpu} /opt/workload/truth-fp --seconds 60`));
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

  test('takes addresses of processes that are known, build-ids of all others', async () => {
    const script = 'i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done; exec /opt/workload/truth-fp --seconds 60';
    const pid = await startInBox(box, `sh -c '${script}'`);
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 499 --interval-ms 200');
    const spacesOf = (batches: Batch[], comm: string) => {
      const rows = batches.flatMap(({ rows }) => rows).filter((row) => row.tgid === pid && row.comm === comm);
      return [...new Set(rows.filter(({ userFrames }) => userFrames > 0).map(({ userSpace }) => userSpace))];
    };
    expect(spacesOf(await session.gather(2), 'sh')).toEqual([SPACE.userBuildId]);
    session.tell(WIRE.known, [pid, 999_999]);
    await session.gather(2);
    expect(spacesOf(await session.gather(2), 'sh')).toEqual([SPACE.user]);
    // Known is forgotten by exec, in the kernel: nobody has told the loader.
    await expect.poll(() => spacesOf(session.batches, 'truth-fp').length, { timeout: 60_000 }).toBeGreaterThan(0);
    expect(spacesOf(session.batches, 'truth-fp')).toEqual([SPACE.userBuildId]);
    session.tell(WIRE.known, [pid]);
    await session.gather(2);
    expect(spacesOf(await session.gather(2), 'truth-fp')).toEqual([SPACE.user]);
    session.tell(WIRE.forget, [pid]);
    await session.gather(2);
    expect(spacesOf(await session.gather(2), 'truth-fp')).toEqual([SPACE.userBuildId]);
    await session.end();
    await box.ssh(`kill ${pid}`);
    expectExact(session.batches);
  });

  test('filters in the kernel', async () => {
    const pid = await startInBox(box, '/opt/workload/truth-fp --seconds 90 --threads 2');
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

  test('ends with its stdin, with its link and with its parent', async () => {
    const before = await bpfObjects(box);
    const end = async (how: (session: LoaderSession) => Promise<unknown>) => {
      const session = await LoaderSession.start(box, LOADER, 'cpu-profile');
      await session.gather(1);
      await how(session);
      await expect.poll(() => loaders(box), { timeout: 30_000 }).toBe('0');
      expect(await bpfObjects(box)).toBe(before);
    };
    await end((session) => session.end());
    await end(async (session) => session.kill());
    await end((session) => box.ssh(`kill -9 ${session.ready?.keeperPid}`));
    await end((session) => box.ssh(`kill -TERM ${session.ready?.keeperPid}`));
    // A parent that is killed takes it along, though stdin (a fifo that somebody else holds) stays open.
    await box.ssh(
      `mkfifo /tmp/fifo; sleep 60 > /tmp/fifo & sh -c '${LOADER} run cpu-profile < /tmp/fifo > /dev/null & wait' & sleep 3; kill -9 $!`,
    );
    await expect.poll(() => loaders(box), { timeout: 30_000 }).toBe('0');
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
    'works: lockdown refuses reading of kernel memory, and it reads none',
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
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});
