/** What travels from the device per second, and what a minute of recording weighs. */
import { stat } from 'node:fs/promises';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { kilobytes, times } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, passInBox } from './harness/remote.ts';
import { BPFTRACE_LIVE, startRival } from './harness/rivals.ts';

const TARGET_PER_S = 20_000;
const SETTLE_S = 10;
/** Keeps both CPUs busy beside the workload, with stacks that change little: a steady load. */
const LOAD = 'setsid /opt/workload/truth-fp --threads 2 --load 80 --name busy > /dev/null 2>&1 < /dev/null &';
const PERF_FILE = '/tmp/perf.data';

interface Traffic {
  readonly tool: string;
  /** Everything until it had settled: tables, names. */
  readonly startBytes: number;
  readonly perS: number;
}

async function ofSonde(box: Box, { scratch, seconds, log }: BenchContext) {
  const observation = await Observation.start(box, scratch, 'stream');
  await observation.named();
  await passInBox(box, SETTLE_S);
  const start = { atMs: performance.now(), bytes: observation.receivedBytes, file: await sizeOf(observation) };
  await passInBox(box, seconds);
  const elapsedS = (performance.now() - start.atMs) / 1000;
  const perS = (observation.receivedBytes - start.bytes) / elapsedS;
  const filePerS = ((await sizeOf(observation)) - start.file) / elapsedS;
  await observation.end();
  log(`Sonde: ${kilobytes(perS)}/s`);
  return { tool: 'Sonde, SSH channel', startBytes: start.bytes, perS, filePerS };
}

const sizeOf = async ({ recordingFile }: Observation) => (await stat(recordingFile)).size;

/** It prints no more when two stacks fall together in its table: what counts is the time in which it did. */
async function ofBpftrace(box: Box, { scratch, seconds, log }: BenchContext): Promise<Traffic> {
  const { remote } = await startRival(box, scratch, BPFTRACE_LIVE);
  await remote.firstOutput(/@/);
  const start = { atMs: performance.now(), bytes: remote.bytes };
  await passInBox(box, SETTLE_S + seconds);
  const lastedS = (remote.printedAtMs - start.atMs) / 1000;
  const perS = (remote.bytes - start.bytes) / lastedS;
  remote.kill();
  await inBox(box, 'pkill -x bpftrace; true');
  log(`bpftrace: ${kilobytes(perS)}/s for ${lastedS.toFixed(0)} s`);
  return {
    tool: `ssh bpftrace, printing each second (did so for ${lastedS.toFixed(0)} s)`,
    startBytes: start.bytes,
    perS,
  };
}

/** Its file, which would have to be copied; the first second is its start. */
async function ofPerf(box: Box, { seconds, log }: BenchContext): Promise<Traffic> {
  const record = async (s: number) => {
    const command = `perf record -q -F 99 -a -g -o ${PERF_FILE} -- sleep ${s} 2>/dev/null; stat -c %s ${PERF_FILE}; rm ${PERF_FILE}`;
    return Number(await inBox(box, command, (s + 120) * 1000));
  };
  const startBytes = await record(1);
  const perS = ((await record(seconds + 1)) - startBytes) / seconds;
  log(`perf record: ${kilobytes(perS)}/s`);
  return { tool: 'perf record -F 99 -g, its file', startBytes, perS };
}

async function measure(box: Box, context: BenchContext) {
  await inBox(box, LOAD);
  const sonde = await ofSonde(box, context);
  return { sonde, rivals: [await ofBpftrace(box, context), await ofPerf(box, context)] };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { sonde, rivals } = await context.withBox({ variant: 'peers', workload: true }, (box) => measure(box, context));
  const row = ({ tool, startBytes, perS }: Traffic) => [
    tool,
    `${kilobytes(perS)}/s`,
    `${kilobytes(perS * 60)}`,
    times(perS, sonde.perS),
    kilobytes(startBytes),
  ];
  return {
    about: `Bytes of a live profile at 99 Hz while both CPUs of the box are busy, over ${context.seconds} s after the start.`,
    claims: [
      {
        what: 'bytes from the device',
        target: '≤ 20 kB/s',
        measured: `${kilobytes(sonde.perS)}/s`,
        met: sonde.perS <= TARGET_PER_S,
      },
    ],
    tables: [
      {
        title: 'Steady',
        columns: ['tool', 'per second', 'per minute', 'of Sonde', 'before that'],
        rows: [sonde, ...rivals, { tool: 'Sonde, its recording', startBytes: 0, perS: sonde.filePerS }].map(row),
      },
    ],
    notes: [
      'Load: the known-truth workload, which starts new processes all the time, and a program that burns both CPUs. Sonde sends names, processes, its own cost and clocks with the stacks; perf and bpftrace send user and kernel addresses or user stacks only.',
    ],
    figures: { sonde, rivals },
  };
}

export const STREAM: Bench = { name: 'stream', title: 'What travels', run };
