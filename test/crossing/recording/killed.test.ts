/** A real process that records, killed with -9 or left without room at moments that a seed chooses. */
import { readdirSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tidyRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { largeProfile } from '../../fixtures/signals.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { keptSamples, readBack, record, temporaryFolder } from '../../unit/recording/helpers.ts';
import { bundleProgram, canMountDisks, runAndKill, runUntilFull } from './kill.ts';

const KILLS = 10;
const FULL_DISKS = 6;
const MAX_LIFE_MS = 3500;
/** A second is what may be lost; the rest is what writing takes while ten recorders and other tests share two cores. */
const MAX_LOST_MS = 1750;

/** Milliseconds of the device's time. */
function endOf(signals: readonly Signal[]): number {
  const last = signals.findLast(({ kind }) => kind === 'window');
  return last?.kind === 'window' ? last.toNs / 1e6 : 0;
}

test('killed at any moment, all but the last second is there', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'recorder.mjs');
  await bundleProgram('recorder.ts', program);
  const random = seededRandom(9);
  const lives = Array.from({ length: KILLS }, () => 50 + random() * MAX_LIFE_MS);
  const outcomes = await Promise.all(
    lives.map((lifeMs, i) => runAndKill(program, path.join(folder, `${i}.sonde.mcap`), lifeMs)),
  );
  for (const { lifeMs, appended, file } of outcomes) {
    const { signals } = await readBack(file);
    expect(appended - endOf(signals), `after ${lifeMs} ms of life`).toBeLessThan(MAX_LOST_MS);
  }
  expect(outcomes.some(({ appended }) => appended > 2000)).toBe(true);
});

const onADisk = test.skipIf(!canMountDisks());

onADisk('a full disk at any moment: all but the last second before it is there', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'recorder.mjs');
  await bundleProgram('recorder.ts', program);
  const random = seededRandom(11);
  const outcomes = await Promise.all(
    Array.from({ length: FULL_DISKS }, async (_, i) => {
      const disk = {
        folder: path.join(folder, `disk-${i}`),
        bytes: Math.round(50_000 + random() * 400_000),
        ballast: 10_000,
      };
      await mkdir(disk.folder);
      return runUntilFull(program, path.join(folder, `full-${i}.sonde.mcap`), disk, random() * 200);
    }),
  );
  for (const { appended, file } of outcomes) {
    const { signals } = await readBack(file);
    expect(appended - endOf(signals), path.basename(file)).toBeLessThan(MAX_LOST_MS);
  }
});

test('killed while a recording is put in order, all of it is there', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'tidier.mjs');
  await bundleProgram('tidier.ts', program);
  const recorded = path.join(folder, 'recorded.sonde.mcap');
  const signals = largeProfile({ frames: 3000, seed: 4 });
  await record(recorded, signals);
  const outcomes = await Promise.all(
    [0, 5, 20, 60, 150].map(async (lifeMs) => {
      const own = path.join(folder, String(lifeMs));
      await mkdir(own);
      await cp(recorded, path.join(own, 'a.sonde.mcap'));
      return runAndKill(program, path.join(own, 'a.sonde.mcap'), lifeMs);
    }),
  );
  for (const { file, lifeMs } of outcomes) {
    const back = await readBack(file);
    expect([back.warning, back.complete], `after ${lifeMs} ms`).toEqual([null, true]);
    expect([back.signals.length, keptSamples(back.signals)]).toEqual([signals.length, keptSamples(signals)]);
    // What was left behind is gone with the next one that comes to its end.
    expect(['done', 'tidy']).toContain(await tidyRecording(file));
    if (lifeMs === 0) expect(readdirSync(path.dirname(file))).toEqual(['a.sonde.mcap']);
  }
});
