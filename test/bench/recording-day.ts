/** A day in one file: how large, how soon it is shown, any part of it, in what memory. */
import path from 'node:path';
import { STEADY } from '../fixtures/long-recording.ts';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { mebibytes, seconds } from './harness/figures.ts';
import { claim } from './recording/claim.ts';
import { look } from './recording/look.ts';
import { tidied } from './recording/made.ts';
import { makeLong } from './recording/make.ts';
import { openWarmStage, type Shown, showRecording } from './recording/real-window.ts';

const DAY_S = 86_400;
const MINUTES = [10, 60, 360];
/** After the first picture: whatever comes later has come. */
const WATCH_MS = 5000;

async function run(context: BenchContext): Promise<BenchResult> {
  const { quick, scratch, log } = context;
  const file = path.join(scratch, 'day.sonde.mcap');
  const length = await makeLong(file, { ...STEADY, seconds: quick ? DAY_S / 24 : DAY_S });
  const size = await tidied(file, 'day', context);
  const looked = await look(file, MINUTES);
  log(`day: ${MINUTES.map((each) => `${each} min ${(looked.rangesMs[each] ?? 0).toFixed(0)} ms`).join(', ')}`);
  const stage = await openWarmStage();
  let shown: Shown;
  let started: Shown;
  try {
    shown = await showRecording(stage, file, WATCH_MS);
    started = await showRecording(stage, file, 0, 'with the program');
  } finally {
    await stage.close();
  }
  log(`day: the window shows it after ${seconds(shown.firstMs)}`);
  const dayBytes = (size.bytes / length) * DAY_S;
  const range = (minutes: number, most: number, what: string) => {
    const ms = looked.rangesMs[minutes] ?? Number.NaN;
    return claim(what, `≤ ${most} ms`, `${ms.toFixed(0)} ms`, ms <= most);
  };
  return {
    about:
      'A day of a steady box with all three probes: windows of a real recording, repeated with other times and counts through the real writer. The real window opens it; ranges are asked of host and window in one process, with the flame graph’s tree and without the drawing.',
    claims: [
      claim('a day of a steady box', '≤ 60 MB', `${(dayBytes / 1e6).toFixed(1)} MB`, dayBytes <= 60e6),
      claim('its first picture', '≤ 2 s', seconds(shown.firstMs), shown.firstMs <= 2000),
      range(10, 200, 'any 10 min of it'),
      range(60, 500, 'any hour of it'),
      claim(
        'memory of the window',
        '≤ 500 MB',
        `${(shown.windowBytes / 1e6).toFixed(0)} MB`,
        shown.windowBytes <= 500e6,
      ),
    ],
    tables: [
      {
        title: 'The file',
        columns: ['length', 'as recorded', 'in order', 'that took'],
        rows: [[seconds(length * 1000), mebibytes(size.recordedBytes), mebibytes(size.bytes), seconds(size.tidyMs)]],
      },
      {
        title: 'Shown',
        columns: ['', ''],
        rows: [
          ['host and window in one process, first picture', seconds(looked.firstMs)],
          ...MINUTES.map((each) => [
            `the same, a range of ${each} min`,
            `${(looked.rangesMs[each] ?? Number.NaN).toFixed(0)} ms`,
          ]),
          ['the window, opened from its menu', seconds(shown.firstMs)],
          ['the window, from the start of the program', seconds(started.firstMs)],
          ['longest task of the window’s thread', `${shown.longestTaskMs.toFixed(0)} ms`],
          ['memory of the window', mebibytes(shown.windowBytes)],
          ['memory of the session process', mebibytes(shown.sessionBytes)],
        ],
      },
    ],
    notes: [
      `${STEADY.samples} samples, ${STEADY.callRows} rows of system calls and ${STEADY.flows} flows a second.`,
      'The window is drawn without a graphics processor.',
    ],
    figures: { length, ...size, looked, shown, started },
  };
}

export const RECORDING_DAY: Bench = { name: 'recording-day', title: 'A day in one recording', run };
