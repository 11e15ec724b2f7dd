// What the tests of the loader on virtual boxes share: bringing it there, and what must hold of all it sends.

import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { ensureNative } from '../../build/native.mjs';
import type { Box } from './box/boot.mjs';
import type { Batch } from './loader-session.ts';

export const BUILD_AND_BOOT_MS = 900_000;
export const LOADER = '/opt/loader';
/** Share by which the number of samples may differ from rate × time. */
const RATE_TOLERANCE = 0.02;

export async function bring(box: Box, machine = 'x86_64'): Promise<void> {
  const built = await ensureNative({ arches: [machine] });
  const { code, stderr } = await box.ssh(`cat > ${LOADER} && chmod 755 ${LOADER}`, {
    input: await readFile(built[machine] ?? ''),
  });
  if (code !== 0) throw new Error(stderr);
}

export const sum = (batches: readonly Pick<Batch, 'counters'>[], name: keyof Batch['counters']) =>
  batches.reduce((total, { counters }) => total + Number(counters[name]), 0);

export const elapsedNs = (batches: Batch[]) => Number((batches.at(-1)?.toNs ?? 0n) - (batches[0]?.fromNs ?? 0n));

/** What holds of any batches of one run, whatever happened to the workers. */
export function expectExact(batches: Batch[]): void {
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

export function expectRate(batches: Batch[], perSecond: number): void {
  const wanted = (elapsedNs(batches) / 1e9) * perSecond;
  const seen = sum(batches, 'seen');
  expect(Math.abs(seen - wanted) / wanted, `${seen} samples instead of ${wanted}`).toBeLessThan(RATE_TOLERANCE);
}

/** Runs in the background of the box until the session of the test ends; resolves with its process id. */
export async function startInBox(box: Box, command: string): Promise<number> {
  return Number((await box.ssh(`${command} >/dev/null 2>&1 </dev/null & echo $!`)).stdout);
}

export const bpfObjects = async (box: Box) =>
  (await box.ssh('bpftool prog show; bpftool map show; bpftool link show')).stdout;

export const loaders = async (box: Box) =>
  (await box.ssh('ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c "> /opt/loader"')).stdout.trim();
