// The loader where time is exact: a box that counts instructions keeps its clock however busy this computer is.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slotStartNs } from '../../remote-agent/protocol/slots.ts';
import { type Box, bootBox } from './box/boot.mjs';
import {
  BUILD_AND_BOOT_MS,
  bpfObjects,
  bring,
  elapsedNs,
  expectExact,
  expectRate,
  LOADER,
  loaders,
  startInBox,
  sum,
} from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';

/** A tick that began on the old side of the tables while they were swapped. */
const ACROSS_NS = 20e6;

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

  test('tells the part of the second of each sample, or not at all', async () => {
    const session = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 99 --slot-ms 20');
    await session.gather(4);
    await session.end();
    expectExact(session.batches);
    for (const { fromNs, toNs, rows } of session.batches)
      for (const { slot } of rows) {
        const startNs = slotStartNs(slot, Number(fromNs));
        expect(startNs % 20e6, 'slots of 20 ms').toBe(0);
        expect(startNs).toBeGreaterThan(Number(fromNs) - 20e6);
        expect(startNs).toBeLessThan(Number(toNs) + ACROSS_NS);
      }
    // One CPU that is never idle: 99 ticks lie in each of 50 slots a second, but for the ends of the time.
    const slots = new Set(
      session.batches.flatMap(({ fromNs, rows }) => rows.map(({ slot }) => slotStartNs(slot, Number(fromNs)))),
    );
    expect(slots.size).toBeGreaterThan((elapsedNs(session.batches) / 20e6) * 0.95);

    const without = await LoaderSession.start(box, LOADER, 'cpu-profile --hz 99 --slot-ms 0');
    await without.gather(2);
    await without.end();
    expect(without.batches.flatMap(({ rows }) => rows).every(({ slot }) => slot === 0)).toBe(true);
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
      await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(i + 1);
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
    // A keeper that does not read fills the worker's socket within 60 batches. The worker then hangs in a batch, but for
    // the rare time when the socket is full at the very end of one.
    let kills = 0;
    for (; session.cut === 0 && kills < 3; kills++) {
      const keeper = session.ready?.keeperPid;
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      const hangs = `for i in $(seq 60); do grep -q send /proc/${worker}/wchan && break; sleep 1; done`;
      await box.ssh(`kill -STOP ${keeper}; ${hangs}; kill -9 ${worker}; kill -CONT ${keeper}`);
      await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(kills + 1);
      await session.gather(4);
    }
    expect(await session.end()).toBe(0);
    expect(session.workers).toHaveLength(kills);
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
      if (i < 4) await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(i + 1);
    }
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({ code: 'loader-crashed' });
    expect(session.fault?.message).toMatch(/^cannot run cpu-profile: the worker died 5 times within 10 s/);
    expect(await loaders(box)).toBe('0');
  });
});
