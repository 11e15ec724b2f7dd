/** The same minute of the same load in Sonde's recording and in perf's file, both as they are written and compressed. */
import { stat } from 'node:fs/promises';
import { zstdCompressed } from './recording/zstd.ts';
import { openRecording, tidyRecording } from '../../electron/recording/index.ts';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { kilobytes, times } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, passInBox, startRemote } from './harness/remote.ts';
import { claim } from './recording/claim.ts';

/** Keeps both CPUs busy beside the workload. */
const LOAD = 'setsid /opt/workload/truth-fp --threads 2 --load 80 --name busy > /dev/null 2>&1 < /dev/null &';
const PERF_FILE = '/tmp/minute.data';
const COPY_MS = 300_000;

interface Sizes {
  readonly sonde: { readonly recorded: number; readonly inOrder: number; readonly samples: number };
  readonly perf: { readonly recorded: number; readonly compressed: number; readonly samples: number };
}

async function measure(box: Box, { scratch, seconds, log }: BenchContext): Promise<Sizes> {
  await inBox(box, LOAD);
  const observation = await Observation.start(box, scratch, 'minute');
  await observation.named();
  // Both at once: the very same minute.
  const perf = await startRemote(
    box,
    scratch,
    `perf record -q -F 99 -a -g -o ${PERF_FILE} -- sleep ${seconds} > /dev/null 2>&1`,
  );
  await passInBox(box, seconds);
  await perf.end(COPY_MS);
  await observation.end();
  const { recordingFile } = observation;
  const recorded = (await stat(recordingFile)).size;
  const samples = await samplesIn(recordingFile);
  await tidyRecording(recordingFile);
  const inOrder = (await stat(recordingFile)).size;
  log(`Sonde: ${kilobytes(recorded)}, in order ${kilobytes(inOrder)}, ${samples} samples`);
  const perfSamples = Number(
    await inBox(box, `perf script -i ${PERF_FILE} -F time -G 2> /dev/null | grep -c :`, COPY_MS),
  );
  const copy = await startRemote(box, scratch, `cat ${PERF_FILE}`);
  const bytes = Buffer.from((await copy.end(COPY_MS)).stdout, 'latin1');
  if (bytes.length === 0) throw new Error('perf has recorded nothing');
  const compressed = await zstdCompressed(bytes);
  log(`perf: ${kilobytes(bytes.length)}, zstd ${kilobytes(compressed)}, ${perfSamples} samples`);
  return {
    sonde: { recorded, inOrder, samples },
    perf: { recorded: bytes.length, compressed, samples: perfSamples },
  };
}

async function samplesIn(file: string): Promise<number> {
  const reader = await openRecording(file);
  let samples = 0;
  for await (const signal of reader.signals()) if (signal.kind === 'window') samples += signal.counters.kept;
  await reader.close();
  return samples;
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { sonde, perf } = await context.withBox({ variant: 'peers', workload: true }, (box) => measure(box, context));
  const [ours, theirs] = [sonde.inOrder / sonde.samples, perf.compressed / perf.samples];
  const row = (file: string, bytes: number, samples: number) => [
    file,
    kilobytes(bytes),
    times(bytes, sonde.inOrder),
    String(samples),
    (bytes / samples).toFixed(1),
  ];
  return {
    about: `A profile at 99 Hz of a box with two busy CPUs: Sonde and perf record -F 99 -a -g at the same time, for ${context.seconds} s.`,
    claims: [
      claim(
        'bytes of the file, for each sample in it',
        'below perf.data.zst',
        `${ours.toFixed(1)} against ${theirs.toFixed(1)}`,
        ours < theirs,
      ),
    ],
    tables: [
      {
        title: 'The same minute',
        columns: ['file', 'bytes', 'of Sonde', 'samples', 'bytes a sample'],
        rows: [
          row('Sonde, in order as a session leaves it', sonde.inOrder, sonde.samples),
          row('Sonde, as it was recorded', sonde.recorded, sonde.samples),
          row('perf record -F 99 -a -g', perf.recorded, perf.samples),
          row('the same, through zstd -3', perf.compressed, perf.samples),
        ],
      },
    ],
    notes: [
      'Sonde’s file has the names of functions, processes and modules in it, its own cost and clocks, and some seconds more, of its start. perf’s has addresses: whoever reads it needs the programs of the box, too.',
    ],
    figures: { sonde, perf },
  };
}

export const RECORDING_SIZE: Bench = { name: 'recording-size', title: 'What a minute weighs in a file', run };
