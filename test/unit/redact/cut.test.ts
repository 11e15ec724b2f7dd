/** A part of a recording as a recording: what is in it, and that nothing else is. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rulesOf } from '../../../electron/bridge/redaction.ts';
import { EVERYTHING, exportRecording } from '../../../electron/export/index.ts';
import { openRecording, tidyRecording, writeMarks } from '../../../electron/recording/index.ts';
import { previewRedaction, redactRecording } from '../../../electron/redact/index.ts';
import type { Mark, Signal, Stretch } from '../../../remote-agent/protocol/index.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { readBack, record, temporaryFolder } from '../recording/helpers.ts';

const OPEN = rulesOf([]);
const STARTED_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const at = (second: number): number => 1000e9 + second * 1e9;
const SECOND_TWO: readonly Stretch[] = [{ fromNs: at(2), toNs: at(3) }];
const STACKS = 'before;main;old_secret 5\nnginx;main;loop 3 @2\nafter;main;new_secret 4 @5';

async function made(signals: readonly Signal[], marks: readonly Mark[] = []) {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, signals, { now: () => STARTED_MS });
  if (marks.length > 0) await writeMarks(recording, marks);
  return { recording, file: path.join(folder, 'cut.sonde.mcap') };
}

async function folded(recording: string): Promise<string> {
  let text = '';
  const file = async (piece: string | Uint8Array): Promise<void> => void (text += String(piece));
  await exportRecording({ recording, format: 'folded', file, filter: EVERYTHING });
  return text.replace(/^#.*\n/gm, '');
}

test('the windows of the range, and of names only theirs', async () => {
  const { recording, file } = await made(signalsFromStacks(STACKS));
  await redactRecording({ recording, file, rules: OPEN, ranges: SECOND_TWO });
  const { signals, warning, complete } = await readBack(file);
  expect({ warning, complete }).toEqual({ warning: null, complete: true });
  expect(signals.flatMap((signal) => (signal.kind === 'window' ? [signal.fromNs] : []))).toEqual([at(2)]);
  expect(await folded(file)).toBe('nginx;main;loop 3\n');
  const texts = JSON.stringify(signals);
  for (const other of ['before', 'after', 'old_secret', 'new_secret']) expect(texts).not.toContain(other);
  const bytes = readFileSync(file);
  expect(bytes.includes('old_secret') || bytes.includes('new_secret')).toBe(false);
});

test('it begins where the range does, with what was on and what the clock said', async () => {
  const { recording, file } = await made(signalsFromStacks(STACKS));
  await redactRecording({ recording, file, rules: OPEN, ranges: SECOND_TWO });
  const { signals } = await readBack(file);
  expect(signals.find(({ kind }) => kind === 'clock')).toMatchObject({
    monotonicNs: at(2),
    realtimeMs: STARTED_MS + 2000,
  });
  expect(signals.filter(({ kind }) => kind === 'probe')).toMatchObject([
    { atNs: at(2), what: { kind: 'started', options: { hz: '99' } } },
  ]);
  const reader = await openRecording(file);
  expect(reader.info).toMatchObject({ startedMs: STARTED_MS + 2000, seconds: 1 });
  expect(reader.info.clock).toEqual({ deviceMonotonicNs: at(2), workstationMs: STARTED_MS + 2000 });
  await reader.close();
});

test('several ranges, and the marks that are in them', async () => {
  const marks = [0.5, 1.5, 2.5, 9].map(
    (second): Mark => ({ id: `${second}`, fromNs: at(second), toNs: at(second), text: `at ${second}`, by: 'user' }),
  );
  const { recording, file } = await made(signalsFromStacks(STACKS), marks);
  const ranges = [{ fromNs: at(0), toNs: at(1) }, ...SECOND_TWO];
  await redactRecording({ recording, file, rules: OPEN, ranges });
  expect(await folded(file)).toBe('before;main;old_secret 5\nnginx;main;loop 3\n');
  const reader = await openRecording(file);
  expect((await reader.marks()).map(({ text }) => text)).toEqual(['at 0.5', 'at 2.5']);
  await reader.close();
});

test('the same of a recording in order', async () => {
  const later = Array.from({ length: 200 }, (_, second) => `after;main;new_secret_${second} 4 @${second + 5}`);
  const { recording, file } = await made(signalsFromStacks([STACKS, ...later].join('\n')));
  expect(await tidyRecording(recording)).toBe('done');
  await redactRecording({ recording, file, rules: OPEN, ranges: SECOND_TWO });
  expect(await folded(file)).toBe('nginx;main;loop 3\n');
  expect(JSON.stringify((await readBack(file)).signals)).not.toMatch(/before|after|_secret/);
});

test('the preview tells of what is in the range', async () => {
  const { recording } = await made(signalsFromStacks(STACKS));
  const names = async (ranges: readonly Stretch[]): Promise<string[] | undefined> => {
    const { kinds } = await previewRedaction(recording, OPEN, { ranges });
    return kinds.find(({ kind }) => kind === 'processes')?.samples.map(({ before }) => before);
  };
  expect(await names([])).toEqual(expect.arrayContaining(['before', 'nginx', 'after']));
  expect(await names(SECOND_TWO)).toEqual(['nginx']);
});

test('flows outside of the range leave no address', async () => {
  const { recording, file } = await made(networkSignals());
  await redactRecording({ recording, file, rules: OPEN, ranges: [{ fromNs: at(0), toNs: at(1) }] });
  const { signals } = await readBack(file);
  const addresses = signals.flatMap((signal) =>
    signal.kind === 'definitions' ? signal.flows.map(({ remotePort }) => remotePort) : [],
  );
  // Refused a second later.
  expect(addresses).not.toContain(9999);
  expect(addresses.some((port) => port === 443 || port === 1883)).toBe(true);
});

test('where nothing was recorded nothing leaves', async () => {
  const { recording, file } = await made(signalsFromStacks(STACKS));
  const nothing = redactRecording({ recording, file, rules: OPEN, ranges: [{ fromNs: at(100), toNs: at(101) }] });
  await expect(nothing).rejects.toMatchObject({ fault: { code: 'bad-option' } });
  expect(existsSync(file)).toBe(false);
});
