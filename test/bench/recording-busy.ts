/** A gigabyte of a busy box: how soon the window shows it, and whether it ever stands still; and an hour of it in order. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { tidyRecording } from '../../electron/recording/index.ts';
import { BUSY } from '../fixtures/long-recording.ts';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { mebibytes, seconds } from './harness/figures.ts';
import { claim } from './recording/claim.ts';
import { look } from './recording/look.ts';
import { makeLarge, makeLong } from './recording/make.ts';
import { openWarmStage, type Shown, showRecording } from './recording/real-window.ts';

const BYTES = 1e9;
const HOUR_S = 3600;
const MINUTES = [10, 60];
const WATCH_MS = 30_000;
const QUICK = 4;

async function run(context: BenchContext): Promise<BenchResult> {
  const { quick, scratch, log } = context;
  const large = path.join(scratch, 'busy.sonde.mcap');
  const length = await makeLarge(large, quick ? BYTES / QUICK : BYTES, BUSY);
  const { size } = await stat(large);
  log(`busy: ${mebibytes(size)} for ${seconds(length * 1000)}`);
  const hour = path.join(scratch, 'hour.sonde.mcap');
  await makeLong(hour, { ...BUSY, seconds: quick ? HOUR_S / 6 : HOUR_S });
  const recordedBytes = (await stat(hour)).size;
  const stage = await openWarmStage();
  let asRecorded: Shown;
  let untilOrder: Shown;
  let inOrder: Shown;
  try {
    asRecorded = await showRecording(stage, large, quick ? WATCH_MS / 5 : WATCH_MS);
    untilOrder = await showRecording(stage, hour, null);
    inOrder = await showRecording(stage, hour, WATCH_MS / 5);
  } finally {
    await stage.close();
  }
  const ordered = await putInOrder(large);
  log(`busy: in order ${mebibytes(ordered.bytes)}, after ${seconds(ordered.ms)} from ${percent(ordered.from)} on`);
  const looked = await look(hour, MINUTES);
  const hourBytes = (await stat(hour)).size;
  const firstMs = Math.max(asRecorded.firstMs, untilOrder.firstMs);
  const longestTaskMs = Math.max(asRecorded.longestTaskMs, untilOrder.longestTaskMs);
  log(`busy: the window shows it after ${seconds(firstMs)}, its longest task takes ${longestTaskMs.toFixed(0)} ms`);
  const row = (name: string, shown: Shown) => [
    name,
    seconds(shown.firstMs),
    `${shown.longestTaskMs.toFixed(0)} ms`,
    `${shown.longestTaskCpuMs.toFixed(0)} ms`,
    `${shown.longestGapMs.toFixed(0)} ms`,
    mebibytes(shown.windowBytes),
    mebibytes(shown.sessionBytes),
  ];
  return {
    about: `${mebibytes(size)} of a box with hundreds of busy threads, as they were recorded, opened in the real window; and an hour of the same.`,
    claims: [
      claim('its first picture', '≤ 4 s', seconds(firstMs), firstMs <= 4000),
      claim('longest task of the window’s thread', '≤ 100 ms', `${longestTaskMs.toFixed(0)} ms`, longestTaskMs <= 100),
    ],
    tables: [
      {
        title: 'In the window',
        columns: [
          '',
          'first picture',
          'longest task',
          'of a processor',
          'longest gap of frames',
          'window',
          'session process',
        ],
        rows: [
          row(`${mebibytes(size)}, as recorded`, asRecorded),
          row('an hour, as recorded, until it is in order', untilOrder),
          row('an hour, in order', inOrder),
        ],
      },
      {
        title: 'The large one, put in order',
        columns: ['as recorded', 'in order', 'begun in the window', 'the rest took', 'a GB would take'],
        rows: [
          [
            mebibytes(size),
            mebibytes(ordered.bytes),
            percent(ordered.from),
            seconds(ordered.ms),
            seconds(((ordered.ms / (1 - ordered.from)) * BYTES) / size),
          ],
        ],
      },
      {
        title: 'An hour, in order',
        columns: [
          'as recorded',
          'in order',
          'all of it there after',
          ...MINUTES.map((each) => `a range of ${each} min`),
        ],
        rows: [
          [
            mebibytes(recordedBytes),
            mebibytes(hourBytes),
            seconds(untilOrder.wholeMs),
            ...MINUTES.map((each) => `${(looked.rangesMs[each] ?? Number.NaN).toFixed(0)} ms`),
          ],
        ],
      },
    ],
    notes: [
      `${BUSY.samples} samples, ${BUSY.callRows} rows of system calls and ${BUSY.flows} flows a second.`,
      `Of a file that was never put in order the beginning is shown at once; all of it once it is in order, which is done when it is first opened, with a progress bar. The large one was watched for ${seconds(WATCH_MS)} after its first picture.`,
      'What had been put in order when the window was closed is gone on with.',
      'A task is as long as the window stands still for it; what it takes of a processor is without what else the computer did meanwhile. Gaps are between frames on a display without a graphics processor, on the computer that reads the file as well.',
    ],
    figures: { length, bytes: size, recordedBytes, hourBytes, ordered, looked, asRecorded, untilOrder, inOrder },
  };
}

/** The window has begun with it. */
async function putInOrder(
  file: string,
): Promise<{ readonly from: number; readonly ms: number; readonly bytes: number }> {
  let from = Number.NaN;
  const begin = performance.now();
  const outcome = await tidyRecording(file, { onProgress: (at) => void (from = Number.isNaN(from) ? at : from) });
  if (outcome !== 'done') throw new Error(`the large one was not put in order: ${outcome}`);
  return { from, ms: performance.now() - begin, bytes: (await stat(file)).size };
}

const percent = (part: number): string => `${Math.round(100 * part)} %`;

export const RECORDING_BUSY: Bench = { name: 'recording-busy', title: 'A busy gigabyte', run };
