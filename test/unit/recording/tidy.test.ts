/** Putting a recording in order loses nothing: the same Signals come out, from the front to the back. */
import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecording, openRecording, tidyRecording, writeMarks } from '../../../electron/recording/index.ts';
import { findProbe, isCounted, type Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, dropWindow, flowDef, flowWindow } from '../../fixtures/flows.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { largeProfile, signalsFromStacks } from '../../fixtures/signals.ts';
import { changedCopy, keptSamples, OPTIONS, readBack, record, recordAtOnce, temporaryFolder } from './helpers.ts';

/** The rows of a window that counts are a set: they come back in the order of their keys. */
function canonical(signal: Signal): Signal {
  const manifest = signal.kind === 'window' ? findProbe(signal.probe) : null;
  if (signal.kind !== 'window' || !manifest || !isCounted(manifest)) return signal;
  const rows = Array.from({ length: signal.rows }, (_, row) => signal.columns.map((column) => Number(column[row])));
  rows.sort((a, b) => a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0);
  const columns = signal.columns.map((column, i) =>
    column instanceof Uint32Array
      ? Uint32Array.from(rows, (row) => row[i] ?? 0)
      : Float64Array.from(rows, (row) => row[i] ?? 0),
  );
  return { ...signal, columns };
}

async function tidied(signals: readonly Signal[]): Promise<Awaited<ReturnType<typeof readBack>>> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await recordAtOnce(file, signals);
  expect(await tidyRecording(file, { mayGrow: true })).toBe('done');
  expect(readdirSync(path.dirname(file))).toEqual(['a.sonde.mcap']);
  return readBack(file);
}

async function expectSame(signals: readonly Signal[]): Promise<void> {
  const back = await tidied(signals);
  expect({ warning: back.warning, complete: back.complete }).toEqual({ warning: null, complete: true });
  expect(back.signals.map(canonical)).toEqual(signals.map(canonical));
}

const PROFILE = signalsFromStacks(
  Array.from({ length: 150 }, (_, second) => `nginx/w${second % 7};main;step_${second % 20}_[k] 3 @${second}`).join(
    '\n',
  ),
  { lost: { 'map-full': 3, 'stacks-full': 1 }, idle: 5 },
);
const CALLS = signalsFromCalls(
  Array.from(
    { length: 130 },
    (_, second) => `sh read - ${second % 30} ${1 + second} @${second}\nsh openat ENOENT ? 2 @${second}`,
  ).join('\n'),
);
const EVENTS: readonly Signal[] = [
  ...signalsFromStacks('nginx;main 1'),
  definitionsOf({ firstStack: 2, flows: [flowDef({ id: 1 }), flowDef({ id: 2 })] }),
  flowWindow(
    1001e9,
    1002e9,
    [
      { flow: 2, sent: 5, 'packets-sent': 2 },
      { flow: 1, received: 2 ** 40, 'packets-received': 1 },
    ],
    3,
  ),
  dnsWindow(1001e9, 1002e9, [{ thread: 1, flow: 2, at: 1001.5e9, incoming: 0, message: Uint8Array.of(1, 2, 3) }]),
  dropWindow(1001e9, 1002e9, [
    { where: 2, cause: 'NO_SOCKET', packets: 4 },
    { where: 1, cause: '', packets: 1 },
  ]),
];

describe('the same signals', () => {
  test.each([
    ['a profile of some minutes', PROFILE],
    ['calls, with durations', CALLS],
    ['flows, messages and drops', EVENTS],
    ['two runs', [...PROFILE, ...CALLS]],
    ['nothing', []],
    ['a device and no more', PROFILE.slice(0, 1)],
  ])('%s', async (_, signals) => {
    await expectSame(signals);
  });

  test('whatever a box sends', async () => {
    const windows = fc.array(
      fc.record({
        gapS: fc.integer({ min: 0, max: 100 }),
        lengthNs: fc.integer({ min: 1, max: 3e9 }),
        lost: fc.array(fc.record({ cause: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 0, max: 9 }) }), {
          maxLength: 2,
        }),
        rows: fc.array(
          fc.tuple(fc.nat(3), fc.nat(9), fc.nat(2), fc.nat(40), fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat()),
          { maxLength: 8 },
        ),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(windows, async (drawn) => {
        const opening = signalsFromCalls('a read - 1 1\nb read - 1 1\nc read - 1 1');
        await expectSame([...opening, ...drawnWindows(drawn)]);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  test('a large profile', async () => {
    await expectSame(largeProfile({ frames: 2000, seed: 4 }));
  });
});

interface DrawnWindow {
  readonly gapS: number;
  readonly lengthNs: number;
  readonly lost: readonly { readonly cause: string; readonly count: number }[];
  readonly rows: readonly (readonly number[])[];
}

function drawnWindows(drawn: readonly DrawnWindow[]): Signal[] {
  let at = 2000e9;
  return drawn.map(({ gapS, lengthNs, lost: losses, rows }): Signal => {
    const fromNs = at + gapS * 1e9;
    at = fromNs + lengthNs;
    const lost = losses.filter(({ cause }, i) => losses.findIndex((other) => other.cause === cause) === i);
    const lostCount = lost.reduce((sum, { count }) => sum + count, 0);
    const columns = Array.from({ length: 7 }, (_, i) =>
      i < 4 ? Uint32Array.from(rows, (row) => row[i] ?? 0) : Float64Array.from(rows, (row) => row[i] ?? 0),
    );
    const counters = {
      seen: rows.length + lostCount,
      kept: rows.length,
      idle: 0,
      filtered: 0,
      lost,
      incompleteStacks: 0,
    };
    return { kind: 'window', probe: 'syscalls', fromNs, toNs: at, rows: rows.length, columns, counters, drains: 1 };
  });
}

test('what the file says of itself stays, and its marks', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, PROFILE, { now: () => Date.UTC(2026, 0, 2) });
  const mark = { id: 'a', fromNs: 1000e9, toNs: 1001e9, text: 'storm', by: 'user' } as const;
  await writeMarks(file, [mark]);
  const before = await openRecording(file);
  await before.close();
  expect(await tidyRecording(file)).toBe('done');
  const after = await openRecording(file);
  expect(after.info).toEqual({ ...before.info, tidied: true, bytes: (await stat(file)).size });
  expect(await after.marks()).toEqual([mark]);
  await after.close();
  expect((await stat(file)).size).toBeLessThan(before.info.bytes);
  expect(await tidyRecording(file)).toBe('tidy');
});

test('without its end it is put in order, and goes on saying so', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, PROFILE);
  // As if another process had written it, which is gone.
  const cut = await changedCopy(file, (bytes) => withoutWriter(bytes.subarray(0, bytes.length >> 1)));
  const before = await readBack(cut);
  expect(await tidyRecording(cut)).toBe('done');
  const after = await readBack(cut);
  expect(after.signals.map(canonical)).toEqual(before.signals.map(canonical));
  expect({ complete: after.complete, message: after.warning?.message }).toEqual({
    complete: false,
    message: expect.stringContaining('it has no end'),
  });
});

function withoutWriter(bytes: Buffer): Buffer {
  const at = bytes.indexOf(`${process.pid}@`);
  bytes.write('9999999@'.slice(0, `${process.pid}@`.length - 1), at);
  return bytes;
}

test('two at once, as two windows on one file: one of them does it', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, PROFILE);
  const reader = await openRecording(file); // a third that is reading goes on with what it has open
  const outcomes = await Promise.all([tidyRecording(file), tidyRecording(file)]);
  expect(outcomes.toSorted()).toEqual(['done', 'growing']);
  expect(readdirSync(path.dirname(file))).toEqual(['a.sonde.mcap']);
  expect((await readBack(file)).signals.map(canonical)).toEqual(PROFILE.map(canonical));
  let signals = 0;
  for await (const batch of reader.batches()) signals += batch.length;
  expect([signals, reader.warning]).toEqual([PROFILE.length, null]);
  await reader.close();
});

test('a short one has no sums, which nobody would read; a long one has', async () => {
  const folder = temporaryFolder();
  const sizes = new Map<number, number>();
  for (const rowsWithoutSums of [0, 1e6]) {
    const file = path.join(folder, `${rowsWithoutSums}.sonde.mcap`);
    await record(file, PROFILE);
    expect(await tidyRecording(file, { rowsWithoutSums })).toBe('done');
    expect((await readFile(file)).includes('/sum-hour/cpu-profile')).toBe(rowsWithoutSums === 0);
    sizes.set(rowsWithoutSums, (await stat(file)).size);
    const reader = await openRecording(file);
    const ranges = await reader.ranges({ rows: 1, eventRows: 1 });
    const extent = ranges!.extent;
    let kept = 0;
    for await (const signals of (await ranges!.show(extent)).signals)
      for (const signal of signals) kept += signal.kind === 'window' ? signal.counters.kept : 0;
    expect(kept).toBe(keptSamples(PROFILE));
    await reader.close();
  }
  expect(sizes.get(1e6)).toBeLessThan(sizes.get(0) ?? 0);
});

describe('left as it is', () => {
  const leaves = async (file: string, why: string) => {
    const bytes = await readFile(file);
    expect(await tidyRecording(file)).toBe(why);
    expect(bytes.equals(await readFile(file))).toBe(true);
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('tidying'))).toEqual([]);
  };

  test('a damaged file', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    await record(file, PROFILE);
    await leaves(
      await changedCopy(file, (bytes) => bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40)),
      'damaged',
    );
  });

  test('a file that would be larger', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    await recordAtOnce(file, PROFILE.slice(0, 5));
    await leaves(file, 'small');
  });

  test('one that is being recorded', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    const writer = await createRecording(file, OPTIONS);
    for (const frame of framesFromSignals(PROFILE)) writer.append(frame);
    await writer.flush();
    await leaves(file, 'growing');
    await writer.close();
  });

  test('one from a newer Sonde', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    await record(file, PROFILE);
    const newer = await changedCopy(file, (bytes) => {
      bytes.write('9', bytes.indexOf('formatVersion') + 'formatVersion'.length + 4);
      return bytes;
    });
    await leaves(newer, 'newer');
  });

  test('stopped half-way', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    await record(file, PROFILE);
    const bytes = await readFile(file);
    const stop = new AbortController();
    expect(await tidyRecording(file, { stop: stop.signal, onProgress: () => stop.abort() })).toBe('stopped');
    expect(bytes.equals(await readFile(file))).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(['a.sonde.mcap']);
  });

  test('a full disk, a place that cannot be written', async () => {
    const file = path.join(temporaryFolder(), 'a.sonde.mcap');
    await record(file, PROFILE);
    const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
    expect(await tidyRecording(file, { createFile: failing('EROFS') })).toBe('read-only');
    await expect(tidyRecording(file, { createFile: failing('ENOSPC') })).rejects.toMatchObject({
      fault: { code: 'file-io', message: expect.stringContaining('the disk is full') },
    });
  });
});
