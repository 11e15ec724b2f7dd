import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { McapIndexedReader } from '@mcap/core';
import { expect, test } from 'vitest';
import { createRecording, openRecording, writeMarks } from '../../../electron/recording/index.ts';
import { type Mark, marksFromJson } from '../../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { changedCopy, OPTIONS, readBack, record, temporaryFolder } from './helpers.ts';

const SIGNALS = signalsFromStacks('nginx;main;loop 3\nsh;main 1 @1');
const DOOR: Mark = { id: 'a', fromNs: 1000e9, toNs: 1000e9, text: 'door opened', by: 'user' };
const STORM: Mark = { id: 'b', fromNs: 1000.5e9, toNs: 1001e9, text: 'storm ⚡', by: 'trigger' };

async function marksOf(file: string): Promise<readonly Mark[]> {
  const reader = await openRecording(file);
  try {
    return await reader.marks();
  } finally {
    await reader.close();
  }
}

test('marks of a finished recording, the last ones hold, and the data is as before', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, SIGNALS);
  expect(await marksOf(file)).toEqual([]);
  const { size } = await stat(file);
  await writeMarks(file, [DOOR, STORM]);
  expect(await marksOf(file)).toEqual([DOOR, STORM]);
  await writeMarks(file, [STORM]);
  expect(await marksOf(file)).toEqual([STORM]);
  await writeMarks(file, []);
  expect(await marksOf(file)).toEqual([]);
  expect((await stat(file)).size - size).toBeLessThan(200);
  expect(await readBack(file)).toEqual({ signals: SIGNALS, warning: null, complete: true });
});

test('marks of a recording that is still being made', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const writer = await createRecording(file, OPTIONS);
  for (const frame of framesFromSignals(SIGNALS)) writer.append(frame);
  writer.setMarks([DOOR]);
  writer.setMarks([DOOR, STORM]);
  await writer.flush();
  expect(await marksOf(file)).toEqual([DOOR, STORM]);
  await writer.close();
  expect(await marksOf(file)).toEqual([DOOR, STORM]);
  await writeMarks(file, [DOOR]);
  expect(await marksOf(file)).toEqual([DOOR]);
});

test('others can read the file, and find the marks by their index', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, SIGNALS);
  await writeMarks(file, [DOOR]);
  const bytes = await readFile(file);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset, length) =>
        Promise.resolve(new Uint8Array(bytes.subarray(Number(offset), Number(offset + length)))),
    },
    decompressHandlers: {},
  });
  expect(reader.statistics?.metadataCount).toBe(reader.metadataIndexes.length);
  const found: string[] = [];
  for await (const { name, metadata } of reader.readMetadata({ name: 'sonde-marks' }))
    found.push(`${name} ${metadata.get('marks')}`);
  expect(found).toEqual([`sonde-marks ${JSON.stringify([DOOR])}`]);
});

test('cut while they are written, the data is still there', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, SIGNALS);
  const { size } = await stat(file);
  await writeMarks(file, [DOOR]);
  for (let length = size - 300; length < size + 200; length += 37) {
    const cut = await changedCopy(file, (bytes) => bytes.subarray(0, length));
    expect((await readBack(cut)).signals).toEqual(SIGNALS);
  }
});

test('where they cannot be written it is said', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await expect(writeMarks(file, [DOOR])).rejects.toMatchObject({ fault: { code: 'file-io' } });
  await record(file, SIGNALS);
  const cut = await changedCopy(file, (bytes) => bytes.subarray(0, bytes.length - 20));
  await expect(writeMarks(cut, [DOOR])).rejects.toMatchObject({
    fault: { code: 'bad-recording', message: expect.stringContaining('the file has no end') },
  });
  await chmod(file, 0o400);
  if (process.getuid?.() === 0) return; // root may write it anyway
  await expect(writeMarks(file, [DOOR])).rejects.toMatchObject({ fault: { code: 'file-io' } });
});

test.each([
  ['no JSON', 'x', []],
  ['no list', '{"id":"a"}', []],
  [
    'one that is none among them',
    JSON.stringify([DOOR, { id: 'x' }, null, { ...DOOR, fromNs: 9e99, toNs: 1 }]),
    [DOOR],
  ],
  ['hostile text', JSON.stringify([{ ...DOOR, text: 'a\u202eb' }]), [{ ...DOOR, text: 'a\\u{202e}b' }]],
])('%s', (_, json, marks) => {
  expect(marksFromJson(json)).toEqual(marks);
});
