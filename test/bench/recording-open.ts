/** How soon a recording is on the screen, beside what others need for our export of it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EVERYTHING, exportRecording } from '../../electron/export/index.ts';
import { BUSY } from '../fixtures/long-recording.ts';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { mebibytes, median, seconds, times } from './harness/figures.ts';
import { claim } from './recording/claim.ts';
import { openInFirefoxProfiler, openInSpeedscope } from './recording/importers.ts';
import { tidied } from './recording/made.ts';
import { makeLong } from './recording/make.ts';
import { openWarmStage, showRecording } from './recording/real-window.ts';

const SECONDS = 600;
const TIMES = 3;

interface Opening {
  readonly tool: string;
  readonly file: string;
  readonly from: string;
  readonly ms: readonly number[];
}

async function ofSonde(file: string): Promise<{ readonly fromStart: number[]; readonly fromMenu: number[] }> {
  const stage = await openWarmStage();
  const fromStart: number[] = [];
  const fromMenu: number[] = [];
  try {
    for (let i = 0; i < TIMES; i++) {
      fromMenu.push((await showRecording(stage, file, 0)).firstMs);
      fromStart.push((await showRecording(stage, file, 0, 'with the program')).firstMs);
    }
  } finally {
    await stage.close();
  }
  return { fromStart, fromMenu };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { quick, scratch, log } = context;
  const recording = path.join(scratch, 'busy.sonde.mcap');
  await makeLong(recording, { ...BUSY, seconds: quick ? SECONDS / 20 : SECONDS });
  await tidied(recording, 'ten minutes', context);
  const exportAs = async (format: 'speedscope' | 'firefox', name: string) => {
    const file = path.join(scratch, name);
    await exportRecording({ recording, format, file, filter: EVERYTHING });
    return file;
  };
  const speedscope = await exportAs('speedscope', 'busy.speedscope.json');
  const firefox = await exportAs('firefox', 'busy.firefox.json.gz');
  const { fromStart, fromMenu } = await ofSonde(recording);
  log(`Sonde: ${seconds(median(fromStart))}`);
  const inSpeedscope = await openInSpeedscope(speedscope, TIMES);
  log(`speedscope: ${seconds(median(inSpeedscope))}`);
  const inFirefox = await openInFirefoxProfiler(firefox, scratch, TIMES);
  log(`Firefox Profiler: ${seconds(median(inFirefox))}`);
  const openings: readonly Opening[] = [
    { tool: 'Sonde', file: recording, from: 'the choice of the file to the picture', ms: fromMenu },
    { tool: 'Sonde', file: recording, from: 'the start of the program to the picture', ms: fromStart },
    { tool: 'speedscope', file: speedscope, from: 'the start of its page to the picture', ms: inSpeedscope },
    {
      tool: 'Firefox Profiler, its command line',
      file: firefox,
      from: 'the start of the program to the list of threads',
      ms: inFirefox,
    },
  ];
  const sizes = await Promise.all(openings.map(async ({ file }) => (await stat(file)).size));
  const sooner = (what: string, ours: readonly number[], theirs: readonly number[]) =>
    claim(what, 'sooner', `${seconds(median(ours))} against ${seconds(median(theirs))}`, median(ours) < median(theirs));
  return {
    about: `Ten minutes of a busy box, ${BUSY.samples} samples a second: the recording in Sonde, with system calls and flows; its profile, exported by Sonde, in the others. The median of ${TIMES}.`,
    claims: [
      sooner('against speedscope', fromMenu, inSpeedscope),
      sooner('against the Firefox Profiler’s importer', fromMenu, inFirefox),
    ],
    tables: [
      {
        title: 'Opening',
        columns: ['tool', 'its file', 'from', 'took', 'of Sonde'],
        rows: openings.map(({ tool, from, ms }, i) => [
          tool,
          mebibytes(sizes[i] ?? 0),
          from,
          seconds(median(ms)),
          times(median(ms), median(fromMenu)),
        ]),
      },
    ],
    notes: [
      'Sonde and the browser run already. In Sonde’s dialog a file is chosen after a second, in which its session process starts; speedscope’s page, which is small, is loaded with the file. The Firefox Profiler draws nothing here: its importer reads the profile and answers.',
    ],
    figures: { fromStart, fromMenu, inSpeedscope, inFirefox, sizes },
  };
}

export const RECORDING_OPEN: Bench = { name: 'recording-open', title: 'Opening a recording', run };
