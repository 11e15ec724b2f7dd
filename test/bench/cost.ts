/** What observing takes from the device: CPU time and memory of each tool, in minutes of equal load. */
import { openRecording } from '../../electron/recording/index.ts';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { mebibytes, percent, sum, times } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { passInBox } from './harness/remote.ts';
import { BCC, beside, BPFTRACE, BPFTRACE_LIVE, type Rival } from './harness/rivals.ts';
import { countBpfTime, type Process, type Snapshot, sshdAbove, takeSnapshot, usageOf } from './harness/snapshot.ts';

/** Start-up is over: tables are sent, names are found, code is compiled. */
const SETTLE_S = 15;
const QUICK_SETTLE_S = 5;

/** Counts instructions, one per nanosecond on one CPU: CPU time repeats however busy this computer is. */
const BOX = { variant: 'peers', workload: true, icount: true } as const;

interface Cost {
  readonly tool: string;
  /** Until it had settled. */
  readonly startS: number;
  /** Of the measured time, without the connection. */
  readonly steadyS: number;
  /** Stopping and printing, where it prints at the end. */
  readonly endS: number;
  /** Of sshd, for the connection of this tool. */
  readonly sshdS: number;
  /** Programs in the kernel: the time of whoever was interrupted. */
  readonly bpfS: number;
  readonly elapsedS: number;
  readonly residentBytes: number;
  readonly mapBytes: number;
}

/** From two snapshots around the measured time. */
function costBetween(tool: string, before: Snapshot, after: Snapshot, isIt: (process: Process) => boolean): Cost {
  const [start, now] = [usageOf(before, isIt), usageOf(after, isIt)];
  const sshd = sshdAbove(after, isIt);
  const isSshd = ({ pid }: Process) => sshd.has(pid);
  return {
    tool,
    startS: start.cpuS,
    steadyS: now.cpuS - start.cpuS,
    endS: 0,
    sshdS: usageOf(after, isSshd).cpuS - usageOf(before, isSshd).cpuS,
    bpfS: after.bpfCpuS - before.bpfCpuS,
    elapsedS: after.atS - before.atS,
    residentBytes: now.residentBytes,
    mapBytes: after.bpfMapBytes,
  };
}

/** What Sonde says of itself in its recording, for the same time: it must agree with what the kernel says of it. */
async function ownWords(recording: string, fromS: number, toS: number): Promise<number> {
  const reader = await openRecording(recording);
  let cpuNs = 0;
  let coveredNs = 0;
  for await (const signal of reader.signals()) {
    if (signal.kind !== 'cost' || signal.fromNs < fromS * 1e9 || signal.toNs > toS * 1e9) continue;
    cpuNs += signal.agentCpuNs + signal.loaderCpuNs;
    coveredNs += signal.toNs - signal.fromNs;
  }
  await reader.close();
  return cpuNs / coveredNs;
}

async function ofSonde(box: Box, context: BenchContext) {
  const { scratch, seconds, quick } = context;
  await (await Observation.start(box, scratch, 'install')).end();
  const observation = await Observation.start(box, scratch, 'cost');
  const dir = observation.installation?.dir ?? '';
  const isOurs = ({ exe }: Process) => exe.startsWith(`${dir}/`);
  await passInBox(box, quick ? QUICK_SETTLE_S : SETTLE_S);
  const before = await takeSnapshot(box);
  await passInBox(box, seconds);
  const after = await takeSnapshot(box);
  await observation.end();
  const part = (name: string, isPart: (process: Process) => boolean) =>
    costBetween(name, before, after, (process) => isOurs(process) && isPart(process));
  const isAgent = ({ exe }: Process) => exe.startsWith(`${dir}/node`);
  return {
    whole: costBetween('Sonde', before, after, isOurs),
    agent: part('of that, the agent', isAgent),
    loader: part('of that, the loader', (process) => !isAgent(process)),
    ownWords: await ownWords(observation.recordingFile, before.atS, after.atS),
  };
}

async function ofRival(box: Box, { scratch, seconds, quick, log }: BenchContext, rival: Rival): Promise<Cost | null> {
  const lasted = await beside(box, scratch, rival, async (running) => {
    await passInBox(box, quick ? QUICK_SETTLE_S : SETTLE_S);
    const before = await takeSnapshot(box);
    await passInBox(box, seconds);
    const after = await takeSnapshot(box);
    return { cost: costBetween(rival.name, before, after, rival.isIt), ended: running.interrupt() };
  });
  if (!lasted) {
    log(`${rival.name}: never lasted`);
    return null;
  }
  const { cost, ended } = lasted.value;
  const { cpuS } = await ended;
  log(`${rival.name}: done, attempt ${lasted.attempts}`);
  return { ...cost, endS: cpuS - cost.startS - cost.steadyS };
}

async function measure(box: Box, context: BenchContext) {
  await countBpfTime(box);
  const sonde = await ofSonde(box, context);
  context.log('Sonde: done');
  const rivals: Cost[] = [];
  const gaveUp: string[] = [];
  for (const rival of [BPFTRACE, BPFTRACE_LIVE, BCC]) {
    const cost = await ofRival(box, context, rival);
    if (cost) rivals.push(cost);
    else gaveUp.push(rival.name);
  }
  return { sonde, rivals, gaveUp };
}

const wholeS = ({ startS, steadyS, endS }: Cost) => startS + steadyS + endS;
const share = ({ steadyS, elapsedS }: Cost) => steadyS / elapsedS;

async function run(context: BenchContext): Promise<BenchResult> {
  const { sonde, rivals, gaveUp } = await context.withBox(BOX, (box) => measure(box, context));
  const { whole, agent, loader } = sonde;
  const row = (cost: Cost) => [
    cost.tool,
    `${wholeS(cost).toFixed(2)} s`,
    times(wholeS(cost), wholeS(whole)),
    percent(share(cost), 2),
    times(share(cost), share(whole)),
    percent(cost.bpfS / cost.elapsedS, 2),
    percent(cost.sshdS / cost.elapsedS, 2),
    mebibytes(cost.residentBytes),
    mebibytes(cost.mapBytes),
  ];
  const cheaper = rivals.every((rival) => wholeS(rival) >= wholeS(whole));
  return {
    about: `CPU time and memory on the device while ${context.seconds} s are profiled at 99 Hz under equal load, one tool after the other; each tool's start and end are in the whole.`,
    claims: [
      {
        what: 'CPU time of agent and loader, start included',
        target: 'below each rival',
        measured: `${wholeS(whole).toFixed(2)} s against ${rivals.map((rival) => wholeS(rival).toFixed(2)).join(', ')} s`,
        met: cheaper,
      },
      {
        what: 'what Sonde says of itself',
        target: 'what the kernel says of it',
        measured: `${percent(sonde.ownWords, 2)} against ${percent(share(whole), 2)} of one CPU`,
        met: Math.abs(sonde.ownWords - share(whole)) < 0.005,
      },
    ],
    tables: [
      {
        title: 'Per tool',
        columns: [
          'tool',
          'CPU time, whole',
          'of Sonde',
          'steady, of one CPU',
          'of Sonde',
          'BPF programs',
          'its sshd',
          'resident',
          'BPF maps',
        ],
        rows: [whole, agent, loader, ...rivals].map(row),
      },
      {
        title: 'CPU time, in parts',
        columns: ['tool', 'start', 'steady', 'end', 'seconds measured'],
        rows: [whole, ...rivals].map((cost) => [
          cost.tool,
          ...[cost.startS, cost.steadyS, cost.endS].map((s) => `${s.toFixed(2)} s`),
          cost.elapsedS.toFixed(1),
        ]),
      },
    ],
    notes: [
      ...gaveUp.map((name) => `${name}: stopped by itself before the time was over, each time it was started.`),
      `Sonde draws and records all the time; bpftrace and bcc profile print once, at the end. Start is until ${context.quick ? QUICK_SETTLE_S : SETTLE_S} s after the first sample. bcc compiles its program on the device. The end of Sonde is not in its figures: nothing is left to be asked then.`,
      'The box counts instructions: it has one CPU that executes one per nanosecond, about what a small ARM board does. So a second of CPU time is 1,000 million instructions, and figures repeat on any computer.',
    ],
    figures: { sonde: { whole, agent, loader, ownWords: sonde.ownWords }, rivals, totalS: sum(rivals.map(wholeS)) },
  };
}

export const COST: Bench = { name: 'cost', title: 'What observing costs the device', run };
