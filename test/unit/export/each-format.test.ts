/** What holds for every format: stopped half-way it leaves nothing, and a file that cannot be written is a fault. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EVERYTHING, EXPORTERS, exportRecording } from '../../../electron/export/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

const STACKS = Array.from({ length: 20 }, (_, second) => `a;main;step_${second} 2 @${second}`).join('\n');
const CALLS = Array.from({ length: 20 }, (_, second) => `sh read - 3 10 @${second}`).join('\n');

test.each(EXPORTERS.map(({ format, of }) => [format, of] as const))('%s', async (format, of) => {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, of === 'tables' ? signalsFromCalls(CALLS) : signalsFromStacks(STACKS));
  const [file, filter] = [path.join(folder, 'out'), EVERYTHING];
  let batches = 0;
  const stop = new AbortController();
  const stopped = exportRecording({
    recording,
    format,
    file,
    filter,
    stop: stop.signal,
    onProgress: () => ++batches === 15 && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ fault: { code: 'cancelled' } });
  expect(await readdir(folder)).toEqual(['a.sonde.mcap']);
  const nowhere = exportRecording({ recording, format, file: path.join(folder, 'no/out'), filter });
  await expect(nowhere).rejects.toMatchObject({ fault: { code: 'file-io' } });
  const report = await exportRecording({ recording, format, file, filter });
  expect(report.bytes).toBeGreaterThan(100);
  expect(await readdir(folder)).toEqual(['a.sonde.mcap', 'out']);
});
