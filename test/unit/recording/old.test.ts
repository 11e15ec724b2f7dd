/** Recordings of every format there ever was open for ever, and mean what they meant. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FORMAT_VERSION, tidyRecording } from '../../../electron/recording/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { readBack, record } from './helpers.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/recordings/', import.meta.url));
const SIGNALS = signalsFromStacks(
  `
  nginx;main;loop;read_[k] 2
  nginx/worker;main;loop;_ZN3foo3barEv@libfoo.so 1 @1 cpu1
  sh;main;run_[j] 3 @2
`,
  { lost: { 'map-full': 3 }, idle: 5 },
);

test.each([1, 2])('format %d', async (version) => {
  const { signals, warning, complete } = await readBack(path.join(FOLDER, `v${version}.sonde.mcap`));
  expect({ warning, complete }).toEqual({ warning: null, complete: true });
  expect(signals).toEqual(SIGNALS);
});

test('the newest format has a file', async () => {
  const file = path.join(FOLDER, `v${FORMAT_VERSION}.sonde.mcap`);
  // After a change of the format: SONDE_NEW_FIXTURE=1 npx vitest run test/unit/recording/old.test.ts
  if (process.env['SONDE_NEW_FIXTURE'] && !existsSync(file)) await recordInOrder(file);
  expect(existsSync(file)).toBe(true);
});

/** As files are kept for long. */
async function recordInOrder(file: string): Promise<void> {
  await record(file, SIGNALS, { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  await tidyRecording(file);
}
