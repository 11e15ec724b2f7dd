/** Whether the shares that are shown are those that were spent: three tools in the same minute against the program itself. */
import { collectRecording, EVERYTHING, exportRecording, type ProfileFilter } from '../../electron/export/index.ts';
import { openRecording } from '../../electron/recording/index.ts';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { percent, points, sum } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, passInBox } from './harness/remote.ts';
import { BCC, bpftraceOf, startRival } from './harness/rivals.ts';
import { type Snapshot, takeSnapshot } from './harness/snapshot.ts';
import { samplesOf, sharesOf, type Stack, stacksOfFolded } from './harness/stacks.ts';

const PROGRAM = 'truth-fp';
const FUNCTIONS = ['alpha', 'beta', 'beta_left', 'beta_right', 'gamma'];
const MAX_DIFFERENCE = 0.03;
const MAX_RATE_ERROR = 0.02;

async function foldedStacks(recording: string, filter: ProfileFilter): Promise<Stack[]> {
  let text = '';
  const file = async (piece: string | Uint8Array) => void (text += String(piece));
  await exportRecording({ recording, format: 'folded', file, filter });
  return stacksOfFolded(text);
}

async function profileOf(recording: string, filter: ProfileFilter) {
  const reader = await openRecording(recording);
  try {
    return (await collectRecording(reader.batches(), { filter })).profile;
  } finally {
    await reader.close();
  }
}

async function observe(box: Box, { scratch, seconds, log }: BenchContext) {
  const bcc = await startRival(box, scratch, BCC);
  log('bcc profile samples');
  const bpftrace = await startRival(box, scratch, bpftraceOf(PROGRAM));
  log('bpftrace samples');
  const sonde = await Observation.start(box, scratch, 'truth');
  await sonde.named();
  log(`Sonde samples; ${seconds} s of all three`);
  const before = await takeSnapshot(box);
  await passInBox(box, seconds);
  const after = await takeSnapshot(box);
  const [ofBpftrace, ofBcc] = [await bpftrace.interrupt(), await bcc.interrupt()];
  await sonde.end();
  await inBox(box, `workload stop ${PROGRAM}`);
  const report = JSON.parse(await inBox(box, `cat /run/workload/${PROGRAM}.json`)) as {
    shares: Record<string, number>;
  };
  return { report, before, after, recording: sonde.recordingFile, rivals: [ofBpftrace.stacks, ofBcc.stacks] as const };
}

function cpuShare(before: Snapshot, after: Snapshot): number {
  const cpuS = ({ processes }: Snapshot) => processes.find(({ comm }) => comm === PROGRAM)?.cpuS ?? Number.NaN;
  return (cpuS(after) - cpuS(before)) / (after.atS - before.atS);
}

async function run(context: BenchContext): Promise<BenchResult> {
  const seen = await context.withBox({ variant: 'peers', workload: true }, (box) => observe(box, context));
  const { report, before, after, rivals } = seen;
  const range: ProfileFilter = { ...EVERYTHING, fromNs: before.atS * 1e9, toNs: after.atS * 1e9 };
  const stacks = await foldedStacks(seen.recording, range);
  const { totals, cpus, hz, coveredNs, entries } = await profileOf(seen.recording, range);
  const [ours, bpftrace, bcc] = [stacks, ...rivals].map((one) => sharesOf(one, PROGRAM, FUNCTIONS));
  const truth = (name: string) => report.shares[name] ?? Number.NaN;
  const worst = (shares: Map<string, number> | undefined) =>
    Math.max(...FUNCTIONS.map((name) => Math.abs((shares?.get(name) ?? Number.NaN) - truth(name))));
  const coveredS = coveredNs / 1e9;
  const rate = totals.seen / (coveredS * cpus);
  const lost = sum(totals.lost.values());
  const adds =
    totals.seen === totals.kept + totals.idle + totals.filtered + lost &&
    totals.kept === sum(entries.map(({ samples }) => samples));
  const own = stacks.filter(({ comm }) => comm === PROGRAM);
  const inFunctions = own.filter(({ frames }) => frames.some((frame) => FUNCTIONS.includes(frame)));
  const oursCpu = samplesOf(own) / hz / coveredS;
  const busy = (after.busyS - before.busyS) / (after.atS - before.atS);
  const cell = (shares: Map<string, number> | undefined, name: string) => {
    const share = shares?.get(name) ?? Number.NaN;
    return `${percent(share)} (${points(share - truth(name))})`;
  };
  return {
    about: `${context.seconds} s of truth-fp, which spends known shares of its time in named functions and reports them itself; Sonde, bpftrace and bcc profile watch at the same time, at 99 Hz.`,
    claims: [
      {
        what: 'largest difference from the truth',
        target: '≤ 3 points',
        measured: `${points(worst(ours)).slice(1)} points`,
        met: worst(ours) <= MAX_DIFFERENCE,
      },
      {
        what: 'sampled rate against asked',
        target: 'within 2 %',
        measured: `${rate.toFixed(2)} of ${hz} Hz (${points(rate / hz - 1)} %)`,
        met: Math.abs(rate / hz - 1) <= MAX_RATE_ERROR,
      },
      {
        what: 'seen = kept + idle + filtered + lost; kept = rows',
        target: 'exactly',
        measured: adds ? 'exactly' : 'no',
        met: adds,
      },
    ],
    tables: [
      {
        title: 'Share of truth-fp, and points from what it says itself',
        columns: ['function', 'its own report', 'Sonde', 'bpftrace', 'bcc profile'],
        rows: [
          ...FUNCTIONS.map((name) => [
            name,
            percent(truth(name)),
            cell(ours, name),
            cell(bpftrace, name),
            cell(bcc, name),
          ]),
          ['largest difference', '', ...[ours, bpftrace, bcc].map((shares) => points(worst(shares)).slice(1))],
          [
            'samples of truth-fp',
            '',
            ...[stacks, ...rivals].map((one) => String(samplesOf(one.filter(({ comm }) => comm === PROGRAM)))),
          ],
        ],
      },
      {
        title: 'Sonde against the kernel’s own accounting',
        columns: ['', 'kernel', 'Sonde'],
        rows: [
          ['CPU time of truth-fp, of one CPU', percent(cpuShare(before, after)), percent(oursCpu)],
          ['CPU time of everything, of one CPU', percent(busy), percent(totals.kept / hz / coveredS)],
        ],
      },
    ],
    notes: [
      `Sonde: ${totals.seen} seen, ${totals.kept} kept, ${totals.idle} idle, ${lost} lost, ${totals.incompleteStacks} with an incomplete stack; ${percent(samplesOf(inFunctions) / samplesOf(own))} of the samples of truth-fp are in one of the five functions.`,
      'Rivals sample from their own start to the same end; the shares do not change over time. A share of one half of 3,500 samples is known to ±0.8 points (one standard deviation).',
    ],
    figures: {
      truth: report.shares,
      ...Object.fromEntries(
        Object.entries({ ours, bpftrace, bcc }).map(([tool, shares]) => [tool, Object.fromEntries(shares ?? [])]),
      ),
      totals: { ...totals, lost: Object.fromEntries(totals.lost) },
      coveredS,
      cpus,
      hz,
      rate,
    },
  };
}

export const TRUTH: Bench = { name: 'truth', title: 'Right shares, right rate', run };
