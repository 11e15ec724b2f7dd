// What the tests of the count of system calls share: the program that knows its own calls, and what must hold of all
// that the loader sends.

import { expect } from 'vitest';
import type { Box } from './box/boot.mjs';
import type { CallRow } from './loader-rows.ts';
import type { Batch } from './loader-session.ts';

export const UNKNOWN_BUCKET = 255;
export const UNKNOWN_NUMBER = 0xffffff;
export const TABLE = { x86_64: 1, i386: 2, x32: 3, arm64: 4, arm: 5 } as const;

type Machine = 'x86_64' | 'arm64';

/** Of the calls that the workload makes. */
const NUMBERS: Readonly<Record<Machine, Readonly<Record<string, number>>>> = {
  x86_64: { read: 0, write: 1, getppid: 110, clock_nanosleep: 230, openat: 257 },
  arm64: { read: 63, write: 64, getppid: 173, clock_nanosleep: 115, openat: 56 },
};

interface Span {
  shortestNs: number;
  longestNs: number;
  totalNs: number;
}

export interface Truth {
  pid: number;
  threads: { tid: number; wrong: number; calls: Record<string, number>; slept: Span; blocked: Span }[];
}

/** Runs the workload program to its end. */
export async function makeCalls(box: Box, args = '', timeoutMs = 280_000): Promise<Truth> {
  const { code, stdout, stderr } = await box.ssh(`/opt/workload/calls ${args}`, { timeoutMs });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Truth;
}

export const allRows = (batches: Batch<CallRow>[]) => batches.flatMap(({ rows }) => rows);

export const callsOf = (rows: readonly CallRow[]) => rows.reduce((total, { calls }) => total + calls, 0);

/** What holds of any batches of one run, whatever happened to the workers. */
export function expectWhole(batches: Batch<CallRow>[]): void {
  for (const [i, { number, fromNs, toNs, rows, counters: c }] of batches.entries()) {
    expect(number).toBe(i);
    if (i > 0) expect(fromNs, `batch ${number} begins where the one before ended`).toBe(batches[i - 1]?.toNs);
    expect(c.seen).toBe(c.kept + c.filtered + c.lostMapFull);
    expect([c.idle, c.lostStacksFull, c.incompleteStacks]).toEqual([0n, 0n, 0n]);
    expect(callsOf(rows), `rows of batch ${number}`).toBe(Number(c.kept));
    const uptime = Number(toNs);
    const wrong = rows.filter((row) => !isSound(row, uptime));
    expect(wrong, `rows of batch ${number} that cannot be`).toEqual([]);
  }
}

function isSound({ tid, calls, total, longest, bucket, errno }: CallRow, uptimeNs: number): boolean {
  if (tid === 0 || calls === 0 || errno > 4095 || longest > uptimeNs) return false;
  if (bucket === UNKNOWN_BUCKET) return total === 0 && longest === 0;
  const [from, to] = [bucket === 0 ? 0 : 2 ** bucket, 2 ** (bucket + 1)];
  return longest >= from && longest < to && total >= from * calls && total < to * calls;
}

/** Every call of every thread of the program, exactly, with its errno and under the right process and name. */
export function expectTruth(rows: readonly CallRow[], truth: Truth, machine: Machine = 'x86_64'): void {
  const byThread = new Map<number, CallRow[]>(truth.threads.map(({ tid }) => [tid, []]));
  for (const row of rows) if (row.tgid === truth.pid) byThread.get(row.tid)?.push(row);
  for (const { tid, wrong, calls } of truth.threads) {
    expect(wrong, 'calls that did not answer as planned').toBe(0);
    const own = byThread.get(tid) ?? [];
    const counted: Record<string, number> = {};
    for (const [name, number] of Object.entries(NUMBERS[machine]))
      for (const row of own.filter((one) => one.table === TABLE[machine] && one.number === number))
        counted[`${name} ${row.errno}`] = (counted[`${name} ${row.errno}`] ?? 0) + row.calls;
    const made = Object.fromEntries(Object.entries(calls).filter(([, count]) => count > 0));
    expect(counted, `calls of thread ${tid}`).toEqual(made);
  }
}

const bucketOf = (ns: number) => Math.floor(Math.log2(Math.max(ns, 1)));

/** The time between two looks at the clock is a little more than the call's own: at most a bucket more. */
export function expectLatency(rows: readonly CallRow[], truth: Truth): void {
  for (const { tid, slept, blocked } of truth.threads) {
    const own = rows.filter((row) => row.tid === tid && row.tgid === truth.pid);
    const sleeps = own.filter(({ number }) => number === NUMBERS.x86_64.clock_nanosleep);
    // Reads of a pipe that has something take microseconds; those that had to wait are all others.
    const blocks = own.filter(
      ({ number, bucket }) => number === NUMBERS.x86_64.read && bucket >= bucketOf(blocked.shortestNs) - 1,
    );
    for (const [found, known] of [
      [sleeps, slept],
      [blocks, blocked],
    ] as const) {
      expect(found.length).toBeGreaterThan(0);
      const buckets = found.map(({ bucket }) => bucket);
      expect(Math.min(...buckets)).toBeGreaterThanOrEqual(bucketOf(known.shortestNs) - 1);
      expect(Math.max(...buckets)).toBeLessThanOrEqual(bucketOf(known.longestNs));
      const longest = Math.max(...found.map((row) => row.longest));
      expect(longest).toBeLessThanOrEqual(known.longestNs);
      expect(longest).toBeGreaterThan(known.longestNs / 2);
    }
  }
}

/** How often the number of the table came back with this error, by whom `rows` are. */
export const countOf = (rows: readonly CallRow[], table: number, number: number, errno = 0) =>
  callsOf(rows.filter((row) => row.table === table && row.number === number && row.errno === errno));
