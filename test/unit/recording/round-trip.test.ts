import path from 'node:path';
import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  createRecording,
  openRecording,
  parseRecordingFileName,
  recordingFileName,
} from '../../../electron/recording/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { largeProfile, signalsFromStacks } from '../../fixtures/signals.ts';
import { OPTIONS, readBack, record, temporaryFolder } from './helpers.ts';

const STACKS = `
  nginx;main;loop;read_[k] 2
  nginx/worker;main;loop;_ZN3foo3barEv@libfoo.so 1 @1 cpu1
  sh;main;run_[j] 3 @2
`;

test('what was appended comes back, in order and unchanged', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const signals = [
    ...signalsFromStacks(STACKS, { lost: { 'map-full': 3 }, idle: 5 }),
    { kind: 'note', atNs: 1003e9, text: 'door opened' } as const,
  ];
  await record(file, signals);
  expect(await readBack(file)).toEqual({ signals, warning: null, complete: true });
});

test('a big profile comes back', async () => {
  const file = path.join(temporaryFolder(), 'big.sonde.mcap');
  const signals = largeProfile({ frames: 30_000, seed: 4 });
  await record(file, signals);
  expect((await readBack(file)).signals).toEqual(signals);
});

test('the file says what it is', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const started = Date.UTC(2026, 0, 2, 3, 4, 5);
  await record(file, signalsFromStacks(STACKS), { destination: 'admin:hunter2@edge-box:2222', now: () => started });
  const reader = await openRecording(file);
  expect(reader.info).toEqual({
    file,
    bytes: (await stat(file)).size,
    formatVersion: 2,
    sondeVersion: '0.1.0',
    destination: 'admin@edge-box:2222',
    hostname: 'edge-box',
    startedMs: started,
    seconds: 3,
    complete: true,
    writer: expect.stringMatching(/^\d+@[0-9a-f]{12}$/),
    tidied: false,
    records: 13,
    clock: { deviceMonotonicNs: 1000e9, workstationMs: started },
  });
  await reader.close();
});

test('an empty recording is one', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, []);
  expect(await readBack(file)).toEqual({ signals: [], warning: null, complete: true });
});

test('a recording can be read while it is written', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const signals = signalsFromStacks(STACKS);
  const writer = await createRecording(file, OPTIONS);
  for (const frame of framesFromSignals(signals)) writer.append(frame);
  await writer.flush();
  const { signals: sofar, complete } = await readBack(file);
  expect(sofar).toEqual(signals);
  expect(complete).toBe(false);
  expect(writer.bytes).toBe((await stat(file)).size);
  await writer.close();
  await writer.close();
  writer.append(framesFromSignals(signals)[0]!);
  expect((await readBack(file)).complete).toBe(true);
});

test('progress goes from 0 to 1', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks(STACKS));
  const reader = await openRecording(file);
  const seen = [reader.progress];
  for await (const _ of reader.batches()) seen.push(reader.progress);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(reader.progress).toBe(1);
  await reader.close();
});

test('never overwrites', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, []);
  await expect(createRecording(file, OPTIONS)).rejects.toMatchObject({
    fault: { code: 'file-io', message: expect.stringContaining('the file exists') },
  });
  await expect(createRecording('/nowhere/a.sonde.mcap', OPTIONS)).rejects.toMatchObject({
    fault: { code: 'file-io', hint: 'Check the path.' },
  });
});

test('file names tell host and time', () => {
  const started = new Date(2026, 0, 2, 3, 4, 5);
  const name = recordingFileName('edge-box', started);
  expect(name).toBe('edge-box-20260102-030405.sonde.mcap');
  expect(parseRecordingFileName(name)).toEqual({ hostname: 'edge-box', startedMs: started.getTime() });
  expect(parseRecordingFileName('edge-box-20260102-030405-2.sonde.mcap')).toMatchObject({ hostname: 'edge-box' });
  expect(parseRecordingFileName('mine.sonde.mcap')).toBeNull();
  expect(recordingFileName('../../etc/passwd', started)).toBe('_.._etc_passwd-20260102-030405.sonde.mcap');
  expect(recordingFileName('', started)).toBe('device-20260102-030405.sonde.mcap');
});
