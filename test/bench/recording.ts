/** A day in one file: how large, how soon it is shown, in what memory; a busy one; and files of recorders that were killed. */
import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Replay } from '../../electron/host/replay.ts';
import type { WindowPort } from '../../electron/host/window-port.ts';
import { createRecording, openRecording, tidyRecording } from '../../electron/recording/index.ts';
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../fixtures/frames.ts';
import { BUSY, longRecording, type LongOptions, STEADY } from '../fixtures/long-recording.ts';
import { seededRandom } from '../fixtures/random.ts';
import { bundleProgram, runAndKill } from '../unit/recording/kill.ts';
import type { Bench, BenchContext, BenchResult, Claim } from './harness/bench.ts';
import { median, mebibytes, seconds } from './harness/figures.ts';
import { Window } from './recording/window.ts';

const SAMPLE = 'electron/shell/sample.sonde.mcap';
const DAY_S = 86_400;
const BUSY_BYTES = 1e9;
const KILLS = 50;
const MAX_LIFE_MS = 8000;
const RANGES_EACH = 9;
/** Short ones too are shown range by range. */
const IN_RANGES = { tidyFrom: Number.POSITIVE_INFINITY, tidyUpTo: Number.POSITIVE_INFINITY, whole: 0 };

async function sampleSignals(): Promise<Signal[]> {
  const reader = await openRecording(SAMPLE);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  await reader.close();
  return signals;
}

/** Through the writer that sessions use, a chunk for each second. Ends early with `mostBytes`. */
async function write(file: string, options: LongOptions, mostBytes = Number.POSITIVE_INFINITY): Promise<number> {
  const writer = await createRecording(file, { destination: 'edge', hostname: 'edge', sondeVersion: '0.1.0' });
  let seq = 1;
  let length = -1;
  for (const batch of longRecording(await sampleSignals(), options)) {
    for (const frame of framesFromSignals(batch, seq)) writer.append(frame);
    seq += batch.length;
    length++;
    await writer.flush();
    if (writer.bytes > mostBytes) break;
  }
  await writer.close();
  return length;
}

interface Opened {
  readonly firstMs: number;
  /** By minutes. */
  readonly rangesMs: ReadonlyMap<number, number>;
  readonly longestPauseMs: number;
  readonly rssBytes: number;
}

/** What the host and the window do, in one process; drawing is measured elsewhere. */
async function look(file: string, minutes: readonly number[]): Promise<Opened> {
  const begin = performance.now();
  const window = new Window();
  const replay = new Replay(file, window as unknown as WindowPort, IN_RANGES);
  await replay.run();
  window.flameGraph();
  const firstMs = performance.now() - begin;
  const { fromNs, toNs } = window.extent;
  const random = seededRandom(3);
  const rangesMs = new Map<number, number>();
  for (const each of minutes) {
    const taken: number[] = [];
    for (let i = 0; i < RANGES_EACH; i++) {
      const start = fromNs + random() * Math.max(0, toNs - fromNs - each * 60e9);
      const range = { fromNs: start, toNs: Math.min(toNs, start + each * 60e9) };
      const asked = performance.now();
      const loaded = window.nextRange();
      replay.show(range);
      await loaded;
      window.flameGraph();
      taken.push(performance.now() - asked);
    }
    rangesMs.set(each, median(taken));
  }
  await replay.close();
  return { firstMs, rangesMs, longestPauseMs: window.longestPauseMs, rssBytes: process.memoryUsage().rss };
}

async function measured({ scratch, log }: BenchContext, name: string, options: LongOptions, mostBytes?: number) {
  const file = path.join(scratch, `${name}.sonde.mcap`);
  const length = await write(file, options, mostBytes);
  const recordedBytes = (await stat(file)).size;
  log(`${name}: ${length} s are written, ${mebibytes(recordedBytes)}`);
  const untidy = path.join(scratch, `${name}-as-recorded.sonde.mcap`);
  await copyFile(file, untidy);
  const begin = performance.now();
  await tidyRecording(file);
  const tidyMs = performance.now() - begin;
  const bytes = (await stat(file)).size;
  log(`${name}: in order after ${seconds(tidyMs)}, ${mebibytes(bytes)}`);
  const opened = await look(file, [10, 60, 360]);
  log(`${name}: first picture after ${seconds(opened.firstMs)}`);
  return { length, recordedBytes, tidyMs, bytes, opened };
}

async function kills({
  scratch,
  quick,
  log,
}: BenchContext): Promise<{ opened: number; worstMs: number; count: number }> {
  const count = quick ? 5 : KILLS;
  const program = path.join(scratch, 'recorder.mjs');
  await bundleProgram('recorder.ts', program);
  const random = seededRandom(50);
  let opened = 0;
  let worstMs = 0;
  for (let i = 0; i < count; i++) {
    const { file, appended } = await runAndKill(
      program,
      path.join(scratch, `k${i}.sonde.mcap`),
      50 + random() * MAX_LIFE_MS,
    );
    const reader = await openRecording(file);
    let lastMs = 0;
    for await (const signal of reader.signals()) if (signal.kind === 'window') lastMs = signal.toNs / 1e6;
    await reader.close();
    opened++;
    worstMs = Math.max(worstMs, appended - lastMs);
  }
  log(`${opened} of ${count} killed recorders' files open; at most ${worstMs.toFixed(0)} ms are missing`);
  return { opened, worstMs, count };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { quick } = context;
  const day = await measured(context, 'day', { ...STEADY, seconds: quick ? DAY_S / 24 : DAY_S });
  const busy = await measured(context, 'busy', { ...BUSY, seconds: DAY_S }, quick ? BUSY_BYTES / 50 : BUSY_BYTES);
  const killed = await kills(context);
  const dayBytes = (day.bytes / day.length) * DAY_S;
  const ms = (minutes: number): number => day.opened.rangesMs.get(minutes) ?? 0;
  const claim = (what: string, target: string, value: string, met: boolean): Claim => ({
    what,
    target,
    measured: value,
    met,
  });
  return {
    about:
      'Windows of a real recording, repeated with other times and counts through the real writer. Host and window in one process: reading, checking, the columns, and the flame graph’s tree; not the drawing.',
    claims: [
      claim('a day of a steady box', '≤ 60 MB', `${(dayBytes / 1e6).toFixed(1)} MB`, dayBytes <= 60e6),
      claim('its first picture', '≤ 2 s', seconds(day.opened.firstMs), day.opened.firstMs <= 2000),
      claim('any 10 min of it', '≤ 200 ms', `${ms(10).toFixed(0)} ms`, ms(10) <= 200),
      claim('any hour of it', '≤ 500 ms', `${ms(60).toFixed(0)} ms`, ms(60) <= 500),
      claim('memory', '≤ 500 MB', `${(day.opened.rssBytes / 1e6).toFixed(0)} MB`, day.opened.rssBytes <= 500e6),
      claim('1 GB of a busy box: first picture', '≤ 4 s', seconds(busy.opened.firstMs), busy.opened.firstMs <= 4000),
      claim(
        'its longest pause of the window',
        '≤ 100 ms',
        `${busy.opened.longestPauseMs.toFixed(0)} ms`,
        busy.opened.longestPauseMs <= 100,
      ),
      claim(
        'files of killed recorders',
        'all open',
        `${killed.opened} of ${killed.count}`,
        killed.opened === killed.count,
      ),
      claim('missing of them', '≤ 1 s', seconds(killed.worstMs), killed.worstMs <= 1000),
    ],
    tables: [
      {
        title: 'Recordings',
        columns: [
          '',
          'length',
          'as recorded',
          'in order',
          'that took',
          'first picture',
          '10 min',
          '1 h',
          '6 h',
          'longest pause',
          'memory',
        ],
        rows: [['steady', day] as const, ['busy', busy] as const].map(([name, each]) => [
          name,
          seconds(each.length * 1000),
          mebibytes(each.recordedBytes),
          mebibytes(each.bytes),
          seconds(each.tidyMs),
          seconds(each.opened.firstMs),
          ...[10, 60, 360].map((minutes) => `${(each.opened.rangesMs.get(minutes) ?? 0).toFixed(0)} ms`),
          `${each.opened.longestPauseMs.toFixed(0)} ms`,
          mebibytes(each.opened.rssBytes),
        ]),
      },
    ],
    notes: [
      `Steady: ${STEADY.samples} samples, ${STEADY.callRows} rows of system calls and ${STEADY.flows} flows a second. Busy: ${BUSY.samples}, ${BUSY.callRows} and ${BUSY.flows}.`,
      'A file that was never put in order is, when it is first opened: that takes what the table says, with a progress bar.',
      'Killed: a recorder of 20 windows a second, at moments of its first eight seconds.',
    ],
    figures: { day: plain(day), busy: plain(busy), killed },
  };
}

function plain({ opened, ...rest }: Awaited<ReturnType<typeof measured>>) {
  return { ...rest, opened: { ...opened, rangesMs: Object.fromEntries(opened.rangesMs) } };
}

export const RECORDING: Bench = { name: 'recording', title: 'Long recordings', run };
