import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EVERYTHING, exportRecording } from '../../../electron/export/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

const STACKS = Array.from({ length: 30 }, (_, second) => `a;main;step_${second} 2 @${second}`).join('\n');

async function sample(): Promise<{ folder: string; recording: string }> {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, signalsFromStacks(STACKS));
  return { folder, recording };
}

test('a recording becomes a file', async () => {
  const { folder, recording } = await sample();
  const file = path.join(folder, 'a.folded');
  const progress: number[] = [];
  const report = await exportRecording({
    recording,
    format: 'folded',
    file,
    filter: EVERYTHING,
    onProgress: (part) => progress.push(part),
  });
  const text = await readFile(file, 'utf8');
  expect(report).toEqual({ bytes: Buffer.byteLength(text), counts: { samples: 60, stacks: 30 }, warning: null });
  expect(text).toContain('a;main;step_7 2\n');
  expect(progress.length).toBeGreaterThan(10);
  expect(await readdir(folder)).toEqual(['a.folded', 'a.sonde.mcap']);
});

test('stopped half-way, it leaves nothing and does not touch what was there', async () => {
  const { folder, recording } = await sample();
  const file = path.join(folder, 'a.folded');
  await writeFile(file, 'precious');
  const stop = new AbortController();
  let batches = 0;
  const run = exportRecording({
    recording,
    format: 'folded',
    file,
    filter: EVERYTHING,
    stop: stop.signal,
    onProgress: () => ++batches === 5 && stop.abort(),
  });
  await expect(run).rejects.toMatchObject({ fault: { code: 'cancelled' } });
  expect(await readFile(file, 'utf8')).toBe('precious');
  expect(await readdir(folder)).toEqual(['a.folded', 'a.sonde.mcap']);
});

test('a place that cannot be written to', async () => {
  const { folder, recording } = await sample();
  const run = exportRecording({
    recording,
    format: 'pprof',
    file: path.join(folder, 'no/such/a.pb.gz'),
    filter: EVERYTHING,
  });
  await expect(run).rejects.toMatchObject({
    fault: { code: 'file-io', message: expect.stringContaining('no such file or folder') },
  });
  await expect(exportRecording({ recording, format: 'pprof', file: folder, filter: EVERYTHING })).rejects.toMatchObject(
    { fault: { code: 'file-io' } },
  );
  expect(await readdir(folder)).toEqual(['a.sonde.mcap']);
});

test('a recording of something else does not become an empty file', async () => {
  const { folder, recording } = await sample();
  const file = path.join(folder, 'a.csv');
  for (const perWindow of [false, true])
    await expect(
      exportRecording({ recording, format: 'csv', file, perWindow, filter: EVERYTHING }),
    ).rejects.toMatchObject({
      fault: {
        code: 'bad-option',
        message: 'cannot export as csv: the recording holds nothing of System calls',
        hint: expect.stringContaining(
          'It holds CPU profile, for which there is firefox, folded, png, pprof, speedscope, svg.',
        ),
      },
    });
  expect(await readdir(folder)).toEqual(['a.sonde.mcap']);
  const calls = path.join(folder, 'b.sonde.mcap');
  await record(calls, signalsFromCalls('sh read - 3 1'));
  await expect(exportRecording({ recording: calls, format: 'folded', file, filter: EVERYTHING })).rejects.toMatchObject(
    {
      fault: {
        code: 'bad-option',
        hint: expect.stringContaining('there is csv, json, jsonl, parquet with the table calls or errors.'),
      },
    },
  );
});

test('a stream takes the pieces at its own pace', async () => {
  const { recording } = await sample();
  const pieces: Buffer[] = [];
  const take = async (piece: string | Uint8Array): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    pieces.push(Buffer.from(piece));
  };
  const report = await exportRecording({ recording, format: 'speedscope', file: take, filter: EVERYTHING });
  expect(Buffer.concat(pieces)).toHaveLength(report.bytes);
  expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ profiles: [{ name: 'all processes' }, {}] });
});
