/** Putting a file in order goes on where it was stopped, and comes to the very same file. */
import { readdirSync } from 'node:fs';
import { copyFile, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createRecording, forgetTidying, tidyRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowDef, flowWindow } from '../../fixtures/flows.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { OPTIONS, temporaryFolder } from './helpers.ts';

/** Parts are about a minute: each of these windows is one. How far it has come is kept every hour. */
const APART_S = 61;
const HOURS = 3;
const PARTS_AN_HOUR = 60;
const CHUNK = 10;
const SUMS = { rowsWithoutSums: 0, mayGrow: true } as const;

function every(seconds: (second: number) => string): string {
  return Array.from({ length: HOURS * PARTS_AN_HOUR }, (_, i) => seconds(i * APART_S)).join('\n');
}

/** Without the seconds in between. */
function sparse(signals: readonly Signal[]): Signal[] {
  const isKept = (atNs: number) => Math.round(atNs / 1e9 - 1000) % APART_S === 0;
  return signals.filter((signal) => (signal.kind !== 'window' && signal.kind !== 'cost') || isKept(signal.fromNs));
}

const PROFILE = sparse(signalsFromStacks(every((at) => `nginx/w${at % 7};main;step_${at % 20}_[k] 3 @${at}`)));
const CALLS = sparse(
  signalsFromCalls(every((at) => `sh read - ${at % 30} ${1 + at} @${at}\nsh openat ENOENT ? 2 @${at}`)),
);
/** A new flow with each window: what it stands on comes late. */
const FLOWS: readonly Signal[] = [
  ...signalsFromStacks('nginx;main 1'),
  ...Array.from({ length: HOURS * PARTS_AN_HOUR }, (_, i): Signal[] => {
    const fromNs = (2000 + i * APART_S) * 1e9;
    return [
      definitionsOf({ firstStack: 2, flows: [flowDef({ id: i + 1 })] }),
      flowWindow(fromNs, fromNs + 1e9, [{ flow: i + 1, sent: 5 + i, 'packets-sent': 2 }], 1),
    ];
  }).flat(),
];

/** Ten windows in a chunk. */
async function made(signals: readonly Signal[]): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const writer = await createRecording(file, OPTIONS);
  let windows = 0;
  for (const frame of framesFromSignals(signals)) {
    writer.append(frame);
    if (frame.body.case === 'window' && ++windows % CHUNK === 0) await writer.flush();
  }
  await writer.close();
  return file;
}

/** As it would be had nobody stopped it. */
async function wholeOf(file: string): Promise<Buffer> {
  const copy = path.join(temporaryFolder(), 'a.sonde.mcap');
  await copyFile(file, copy);
  expect(await tidyRecording(copy, SUMS)).toBe('done');
  return readFile(copy);
}

/** Ends after so many chunks; gives how it ended, and the progress it began with. */
async function tidyFor(file: string, chunks: number): Promise<{ readonly outcome: string; readonly from: number }> {
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = (progress: number): void => {
    if (seen.push(progress) === chunks) stop.abort();
  };
  const outcome = await tidyRecording(file, { ...SUMS, stop: stop.signal, onProgress });
  return { outcome, from: seen[0] ?? Number.NaN };
}

const leftBehind = (file: string) => readdirSync(path.dirname(file)).filter((name) => name.includes('.tidying-'));

describe('stopped again and again', () => {
  test.each([
    ['a profile', PROFILE],
    ['calls', CALLS],
    ['flows, of which new ones come all the time', FLOWS],
    ['two runs of the agent', [...PROFILE, ...CALLS]],
  ])('%s', async (_, signals) => {
    const file = await made(signals);
    const recorded = await readFile(file);
    const whole = await wholeOf(file);
    const begins: number[] = [];
    for (let outcome = 'stopped'; outcome === 'stopped'; ) {
      const next = await tidyFor(file, (PARTS_AN_HOUR / CHUNK) * 2 + 2);
      outcome = next.outcome;
      begins.push(next.from);
      if (outcome !== 'stopped') expect(outcome).toBe('done');
      else expect((await readFile(file)).equals(recorded)).toBe(true);
    }
    expect(begins.length).toBeGreaterThan(1);
    expect(begins.toSorted((a, b) => a - b)).toEqual(begins);
    expect(begins.at(-1)).toBeGreaterThan(begins[0] ?? 1);
    expect((await readFile(file)).equals(whole)).toBe(true);
    expect(leftBehind(file)).toEqual([]);
  });
});

interface Saved {
  readonly state: object;
}

describe('what somebody left behind', () => {
  const stopped = async () => {
    const file = await made(PROFILE);
    const whole = await wholeOf(file);
    const { outcome, from } = await tidyFor(file, PARTS_AN_HOUR / CHUNK + 2);
    expect(outcome).toBe('stopped');
    expect(leftBehind(file)).toHaveLength(2);
    return { file, whole, anew: from };
  };
  const ends = async (file: string, whole: Buffer): Promise<number> => {
    const { outcome, from } = await tidyFor(file, Number.POSITIVE_INFINITY);
    expect(outcome).toBe('done');
    expect((await readFile(file)).equals(whole)).toBe(true);
    expect(leftBehind(file)).toEqual([]);
    return from;
  };

  test('who was killed: another process takes it over', async () => {
    const { file, whole, anew } = await stopped();
    for (const name of leftBehind(file))
      await rename(
        path.join(path.dirname(file), name),
        path.join(path.dirname(file), name.replace(String(process.pid), '999999999')),
      );
    expect(await ends(file, whole)).toBeGreaterThan(anew);
  });

  test('of a file that has changed meanwhile: it is begun anew', async () => {
    const { file, whole, anew } = await stopped();
    await utimes(file, new Date(), new Date(0));
    expect(await ends(file, whole)).toBe(anew);
  });

  test.each([
    ['how far it came', '.at'],
    ['what was made so far', String(process.pid)],
  ])('damaged, %s: it is begun anew', async (_, end) => {
    const { file, whole, anew } = await stopped();
    const name = leftBehind(file).find((each) => each.endsWith(end)) ?? '';
    const place = path.join(path.dirname(file), name);
    const bytes = await readFile(place);
    await writeFile(place, bytes.fill(0xff, bytes.length >> 2, (bytes.length >> 2) * 3));
    expect(await ends(file, whole)).toBe(anew);
  });

  test('of a recording that is deleted: it goes too', async () => {
    const { file } = await stopped();
    await forgetTidying(file);
    expect(leftBehind(file)).toEqual([]);
  });

  test.each([
    ['nothing', () => null],
    ['another state', (saved: object) => ({ ...saved, state: { next: 5 } })],
    ['a writer that is none', (saved: Saved) => ({ ...saved, state: { ...saved.state, writer: { series: 7 } } })],
  ])('by somebody who means harm, %s: it is begun anew', async (_, change) => {
    const { file, whole, anew } = await stopped();
    const place = path.join(path.dirname(file), leftBehind(file).find((each) => each.endsWith('.at')) ?? '');
    const bytes = serialize(change(deserialize((await readFile(place)).subarray(4)) as Saved));
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(bytes));
    await writeFile(place, Buffer.concat([checksum, bytes]));
    expect(await ends(file, whole)).toBe(anew);
  });

  test('without how far it came', async () => {
    const { file, whole, anew } = await stopped();
    const name = leftBehind(file).find((each) => each.endsWith('.at')) ?? '';
    await rename(path.join(path.dirname(file), name), path.join(temporaryFolder(), name));
    expect(await ends(file, whole)).toBe(anew);
  });
});
