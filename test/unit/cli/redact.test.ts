/** redact and diff --redact on real files. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { sonde } from './fake-world.ts';

async function recording(stacks: string, name = 'edge-box-7.sonde.mcap'): Promise<string> {
  const file = path.join(temporaryFolder(), name);
  await record(file, signalsFromStacks(stacks));
  return file;
}

async function signalsOf(file: string): Promise<Signal[]> {
  const reader = await openRecording(file);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  expect(reader.warning).toBeNull();
  await reader.close();
  return signals;
}

const MINUTES = 'billing;main;parse 300 @0\nsecretd;main;read 200 @1\nbilling;main;parse 100 @2';

test('a part of a recording: its windows, and of names only what they speak of', async () => {
  const file = await recording(MINUTES);
  const part = path.join(path.dirname(file), 'part.sonde.mcap');
  const { code, err } = await sonde(`redact ${file} --hide notes --from 1s --to 2s -o ${part}`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const signals = await signalsOf(part);
  const windows = signals.filter((signal) => signal.kind === 'window');
  expect(windows.map(({ counters }) => counters.kept)).toEqual([200]);
  const names = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.processes : []));
  expect(names.map(({ comm }) => comm).filter(Boolean)).toHaveLength(1);
  // Beside it, all of it; and several parts.
  const whole = path.join(path.dirname(file), 'whole.sonde.mcap');
  await sonde(`redact ${file} -o ${whole}`);
  expect((await signalsOf(whole)).filter(({ kind }) => kind === 'window')).toHaveLength(3);
  const two = path.join(path.dirname(file), 'two.sonde.mcap');
  await sonde(`redact ${file} --from 0s --to 1s --from 2s --to 3s -o ${two}`);
  const kept = (await signalsOf(two)).flatMap((signal) => (signal.kind === 'window' ? [signal.counters.kept] : []));
  expect(kept).toEqual([300, 100]);
});

test('with one end only it goes to the other of the recording, at its own time', async () => {
  const file = await recording(MINUTES);
  const [first, rest] = ['first', 'rest'].map((name) => path.join(path.dirname(file), `${name}.sonde.mcap`));
  await sonde(`redact ${file} --to 1s -o ${first}`);
  await sonde(`redact ${file} --from 1s -o ${rest}`);
  /** The workstation's clock when the device's stood at 0. */
  const zeroMs = async (name: string) => {
    const reader = await openRecording(name);
    await reader.close();
    const { workstationMs = 0, deviceMonotonicNs = 0 } = reader.info.clock ?? {};
    return workstationMs - deviceMonotonicNs / 1e6;
  };
  for (const part of [first ?? '', rest ?? ''])
    expect(Math.abs((await zeroMs(part)) - (await zeroMs(file)))).toBeLessThan(2);
  const windows = (await signalsOf(rest ?? '')).filter(({ kind }) => kind === 'window');
  expect(windows).toHaveLength(2);
});

test('a preview of a part shows what is in the part', async () => {
  const file = await recording(MINUTES);
  expect((await sonde(`redact ${file} --preview`)).out).toContain('billing');
  const { out } = await sonde(`redact ${file} --preview --from 1s --to 2s`);
  expect(out).toContain('secretd');
  expect(out).not.toContain('billing');
});

test.each([
  ['--from 2s --to 1s', 'nothing is in between'],
  ['--from 1s --from 2s --to 3s', 'cannot take several ranges'],
  ['--from soon', 'cannot understand'],
  ['--from 1h', 'nothing was recorded in the part'],
])('redact %s: %s', async (words, why) => {
  const file = await recording(MINUTES);
  const output = path.join(path.dirname(file), 'no.sonde.mcap');
  const { code, err } = await sonde(`redact ${file} ${words} -o ${output}`);
  expect(code).not.toBe(0);
  expect(err).toContain(why);
  expect(existsSync(output)).toBe(false);
});

test('a comparison that may be given away: one stand-in in both, and no name of a file', async () => {
  const before = await recording('billing;main;parse 300 @0\nbilling;main;read 200 @1');
  const after = await recording('other;main;wait 50 @0\nbilling;main;parse 900 @0\nbilling;main;read 200 @1');
  const plain = await sonde(`diff ${before} ${after} --process billing --json`);
  const hidden = await sonde(`diff ${before} ${after} --process billing --redact names --json`);
  expect(hidden).toMatchObject({ code: 0, err: '' });
  for (const word of ['billing', 'edge-box', path.dirname(before), path.dirname(after)])
    expect(hidden.out).not.toContain(word);
  type Told = {
    comparison: { before: object; after: object; notes: object; profile: { functions: { self: object }[] } };
  };
  const [shown, told] = [JSON.parse(plain.out) as Told, JSON.parse(hidden.out) as Told];
  expect(told.comparison.before).toMatchObject({ file: 'before', samples: 500 });
  expect(told.comparison.after).toMatchObject({ file: 'after', samples: 1100 });
  expect(told.comparison.notes).toEqual(shown.comparison.notes);
  const numbers = ({ comparison }: Told) => comparison.profile.functions.map(({ self }) => self);
  expect(numbers(told)).toEqual(numbers(shown));
  const folded = await sonde(`diff ${before} ${after} --redact strict --format folded`);
  expect(folded.out).toMatch(/^process-\d+;main;parse 300 900$/m);
  expect(folded.out).not.toMatch(/billing|other/);
});

test('hidden functions cannot be named', async () => {
  const file = await recording(MINUTES);
  const words = `diff ${file} ${file} --normalise total --of main --redact names --hide symbols`;
  expect(await sonde(words)).toMatchObject({ code: 2, err: expect.stringContaining('names of functions are hidden') });
});
