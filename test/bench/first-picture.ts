/** How long a person waits between Connect and a flame graph with names. */
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { median, seconds, times } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, startRemote } from './harness/remote.ts';
import { LIVE_BPFTRACE, ONE_SECOND_BCC } from './harness/rivals.ts';

const RUNS = 3;
const COLD_TARGET_MS = 15_000;
const WARM_TARGET_MS = 3000;

interface Picture {
  readonly namedMs: number;
  readonly windowMs: number;
  /** In order. */
  readonly steps: readonly { readonly id: string; readonly ms: number }[];
  readonly folder: string;
}

async function picture(box: Box, { scratch, log }: BenchContext, name: string): Promise<Picture> {
  const observation = await Observation.start(box, scratch, name);
  const namedMs = await observation.named();
  await observation.end();
  log(`${name}: ${seconds(namedMs)}`);
  const steps = observation.steps.map(({ id, elapsedMs }) => ({ id, ms: elapsedMs }));
  return { namedMs, windowMs: observation.windowMs ?? namedMs, steps, folder: observation.installation?.dir ?? '' };
}

/** The device as it was before we came, and nothing of us in the memory of its disk. */
const forget = (box: Box, folder: string) =>
  inBox(box, `rm -rf '${folder}' && sync && echo 3 > /proc/sys/vm/drop_caches`);

async function onPlainBox(box: Box, context: BenchContext, runs: number) {
  const cold: Picture[] = [];
  const warm: Picture[] = [];
  for (let run = 1; run <= runs; run++) {
    cold.push(await picture(box, context, `cold-${run}`));
    warm.push(await picture(box, context, `warm-${run}`));
    await forget(box, warm[0]?.folder ?? '');
  }
  return { cold, warm };
}

async function firstOutput(box: Box, { scratch, log }: BenchContext, command: string): Promise<number> {
  const remote = await startRemote(box, scratch, command);
  const ms = await remote.firstOutput(/\S+ \d+\n|: \d+\n/);
  remote.kill();
  await inBox(
    box,
    'pkill -x bpftrace; pkill -x profile-bpfcc; while pgrep -x "bpftrace|profile-bpfcc"; do sleep 0.2; done; true',
  );
  log(`${command.split(' ')[0]}: ${seconds(ms)}`);
  return ms;
}

/** All three on one box, in turn. */
async function besideRivals(box: Box, context: BenchContext, runs: number) {
  const cold = await picture(box, context, 'beside-rivals-cold');
  const figures: { warm: number[]; bpftrace: number[]; bcc: number[] } = { warm: [], bpftrace: [], bcc: [] };
  for (let run = 1; run <= runs; run++) {
    figures.warm.push((await picture(box, context, `beside-rivals-warm-${run}`)).namedMs);
    figures.bpftrace.push(await firstOutput(box, context, LIVE_BPFTRACE));
    // It compiles for minutes in an emulated box: one run says enough when quick.
    if (!context.quick || run === 1) figures.bcc.push(await firstOutput(box, context, ONE_SECOND_BCC));
  }
  return { cold: [cold.namedMs], ...figures };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const runs = context.quick ? 1 : RUNS;
  const plain = await context.withBox({ variant: 'plain', workload: true }, (box) => onPlainBox(box, context, runs));
  const beside = await context.withBox({ variant: 'peers', workload: true }, (box) => besideRivals(box, context, runs));
  const cold = median(plain.cold.map(({ namedMs }) => namedMs));
  const warm = median(plain.warm.map(({ namedMs }) => namedMs));
  const besideWarm = median(beside.warm);
  const steps = plain.cold[0]?.steps.map(({ id }) => id) ?? [];
  const stepMs = (pictures: readonly Picture[], id: string) =>
    seconds(median(pictures.map((one) => one.steps.find((step) => step.id === id)?.ms ?? 0)));
  const windows = (pictures: readonly Picture[]) => seconds(median(pictures.map(({ windowMs }) => windowMs)));
  const rival = (name: string, ms: readonly number[]) => [
    name,
    seconds(median(ms)),
    times(median(ms), besideWarm),
    ms.map(seconds).join(', '),
  ];
  return {
    about: `From Connect to the first window in which most samples have names; the median of ${runs}. Cold: nothing of Sonde on the device, loader, agent and Node runtime are sent. Warm: they are there.`,
    claims: [
      { what: 'first picture, cold', target: '≤ 15 s', measured: seconds(cold), met: cold <= COLD_TARGET_MS },
      { what: 'first picture, warm', target: '≤ 3 s', measured: seconds(warm), met: warm <= WARM_TARGET_MS },
    ],
    tables: [
      {
        title: 'Steps on a plain box',
        columns: ['step', 'cold', 'warm'],
        rows: [
          ...steps.map((id) => [id, stepMs(plain.cold, id), stepMs(plain.warm, id)]),
          ['first window, from Connect', windows(plain.cold), windows(plain.warm)],
          ['first window with names, from Connect', seconds(cold), seconds(warm)],
        ],
      },
      {
        title: 'Beside the rivals, on one box',
        columns: ['tool', 'first output', 'of Sonde, warm', 'runs'],
        rows: [
          rival('Sonde, warm', beside.warm),
          rival('Sonde, cold', beside.cold),
          rival('ssh bpftrace, printing each second', beside.bpftrace),
          rival('ssh bcc profile for 1 s', beside.bcc),
        ],
      },
    ],
    notes: ['The box runs the known-truth workload (about one of its two CPUs) all the time.'],
    figures: { plain: { cold: plain.cold.map(bare), warm: plain.warm.map(bare) }, beside },
  };
}

/** Without the folder on the device. */
const bare = ({ namedMs, windowMs, steps }: Picture) => ({ namedMs, windowMs, steps });

export const FIRST_PICTURE: Bench = { name: 'first-picture', title: 'Time to the first picture', run };
