/** A range of a recording in order is exported without reading the rest, and comes to the same as from a file as recorded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EVERYTHING, exportRecording } from '../../../electron/export/index.ts';
import { tidyRecording } from '../../../electron/recording/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record } from '../recording/helpers.ts';

test.each(['folded', 'speedscope'] as const)('%s', async (format) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-seek-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const recorded = path.join(folder, 'a.sonde.mcap');
  const drawing = Array.from(
    { length: 300 },
    (_, second) => `nginx;main;step_${second % 9} ${1 + (second % 4)} @${second}`,
  );
  await record(recorded, signalsFromStacks(drawing.join('\n')));
  const tidy = path.join(folder, 'tidy.sonde.mcap');
  await cp(recorded, tidy);
  expect(await tidyRecording(tidy)).toBe('done');
  const exported = async (recording: string): Promise<string> => {
    const file = path.join(folder, `${path.basename(recording)}.${format}`);
    const filter = { ...EVERYTHING, fromNs: 1100e9, toNs: 1130e9 };
    const { warning } = await exportRecording({ recording, format, file, filter });
    expect(warning).toBeNull();
    return readFile(file, 'utf8');
  };
  const whole = await exported(recorded);
  expect(whole.length).toBeGreaterThan(100);
  expect((await exported(tidy)).replaceAll('tidy.sonde', 'a.sonde')).toBe(whole);
});
