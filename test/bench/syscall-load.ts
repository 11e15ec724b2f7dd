/** Watching a box that makes 200,000 system calls a second: what it costs, what travels, what is lost, how the window moves. */
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult, Claim } from './harness/bench.ts';
import { kilobytes, percent, times } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, passInBox, startRemote } from './harness/remote.ts';
import { countBpfTime, type Process, takeSnapshot, usageOf } from './harness/snapshot.ts';
import { beginCalls, CALLS_PER_S, countOf, endOfCalls } from './syscall-load/calls.ts';
import { watchWindow, type WindowRun } from './syscall-load/window.ts';

const MAX_CPU = 0.03;
const MAX_BYTES_PER_S = 30_000;
const MIN_FRAMES_PER_S = 50;
/** Names are found, tables are sent. */
const SETTLE_S = 5;
/** Counts instructions: CPU time and bytes repeat on any computer. */
const EXACT_BOX = { variant: 'peers', icount: true } as const;

const SYS_ENTER = 'tracepoint:raw_syscalls:sys_enter { @start[tid] = nsecs; }';
const SYS_EXIT =
  'tracepoint:raw_syscalls:sys_exit /@start[tid]/ { @ns[pid, comm, args->id] = hist(nsecs - @start[tid]); delete(@start[tid]); }';
const EACH_SECOND = 'interval:s:1 { print(@ns); clear(@ns); }';

/** What a tool takes while the box makes its calls. */
interface Load {
  readonly tool: string;
  /** Of one CPU, and so below. */
  readonly cpu: number;
  /** Its programs in the kernel, on account of whoever called. */
  readonly bpf: number;
  readonly bytesPerS: number;
}

async function measureLoad(
  box: Box,
  seconds: number,
  { tool, bytes, isIt }: { tool: string; bytes: () => number; isIt: (process: Process) => boolean },
): Promise<Load> {
  await beginCalls(box, seconds + 2 * SETTLE_S);
  await passInBox(box, SETTLE_S);
  const [before, bytesBefore] = [await takeSnapshot(box), bytes()];
  await passInBox(box, seconds);
  const [after, bytesAfter] = [await takeSnapshot(box), bytes()];
  const elapsedS = after.atS - before.atS;
  return {
    tool,
    cpu: (usageOf(after, isIt).cpuS - usageOf(before, isIt).cpuS) / elapsedS,
    bpf: (after.bpfCpuS - before.bpfCpuS) / elapsedS,
    bytesPerS: (bytesAfter - bytesBefore) / elapsedS,
  };
}

async function ofSonde(box: Box, { scratch, seconds, log }: BenchContext) {
  const observation = await Observation.start(box, scratch, 'load', 'syscalls');
  const { dir } = observation.installation ?? {};
  const load = await measureLoad(box, seconds, {
    tool: 'Sonde',
    bytes: () => observation.receivedBytes,
    isIt: ({ exe }) => exe.startsWith(`${dir}/`),
  });
  const made = await endOfCalls(box);
  await passInBox(box, SETTLE_S);
  await observation.end();
  log(`Sonde: ${percent(load.cpu, 2)}, ${kilobytes(load.bytesPerS)}/s`);
  return { load, made, counted: await countOf(observation.recordingFile, made) };
}

async function ofBpftrace(box: Box, { scratch, seconds, log }: BenchContext): Promise<Load> {
  const remote = await startRemote(box, scratch, `bpftrace -B line -e '${SYS_ENTER} ${SYS_EXIT} ${EACH_SECOND}'`);
  await remote.firstOutput(/@ns/);
  const load = await measureLoad(box, seconds, {
    tool: 'bpftrace, histograms, printing each second',
    bytes: () => remote.bytes,
    isIt: ({ comm }) => comm === 'bpftrace',
  });
  await endOfCalls(box);
  remote.kill();
  await inBox(box, 'pkill -x bpftrace; true');
  log(`bpftrace: ${percent(load.cpu, 2)}, ${kilobytes(load.bytesPerS)}/s`);
  return load;
}

async function measureExactly(box: Box, context: BenchContext) {
  await countBpfTime(box);
  const sonde = await ofSonde(box, context);
  return { ...sonde, rival: await ofBpftrace(box, context) };
}

type Exact = Awaited<ReturnType<typeof measureExactly>>;

function claimsOf({ load, made, counted }: Exact, { motions, ...shown }: WindowRun): Claim[] {
  const slowest = Math.min(...motions.map(({ framesPerS }) => framesPerS));
  const isWhole = ({ made, counted }: Pick<Exact, 'made' | 'counted'>) =>
    made.calls === counted.calls && counted.lost === 0;
  return [
    {
      what: 'CPU time of agent and loader, of one CPU',
      target: `≤ ${percent(MAX_CPU, 0)}`,
      measured: percent(load.cpu, 2),
      met: load.cpu <= MAX_CPU,
    },
    {
      what: 'bytes from the device',
      target: `≤ ${kilobytes(MAX_BYTES_PER_S)}/s`,
      measured: `${kilobytes(load.bytesPerS)}/s`,
      met: load.bytesPerS <= MAX_BYTES_PER_S,
    },
    ...[
      { what: 'recorded calls, without a window', run: { made, counted } },
      { what: 'recorded calls, with the window', run: shown },
    ].map(({ what, run }) => ({
      what,
      target: `all ${run.made.calls}, none lost`,
      measured: `${run.counted.calls}, ${run.counted.lost} lost`,
      met: isWhole(run),
    })),
    {
      what: `frames of the window at ${Math.round(shown.counted.calls / shown.counted.seconds)} calls/s`,
      target: `≥ ${MIN_FRAMES_PER_S}/s`,
      measured: `${slowest.toFixed(1)}/s`,
      met: slowest >= MIN_FRAMES_PER_S,
    },
  ];
}

/** Sets are for us alone. */
function figuresOf<T extends Pick<Exact, 'made'>>(run: T) {
  return { ...run, made: run.made.calls };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const exact = await context.withBox(EXACT_BOX, (box) => measureExactly(box, context));
  const shown = await context.withBox({ variant: 'plain' }, (box) => watchWindow(box, context));
  const { load, rival } = exact;
  return {
    about: `Four threads of one program make ${CALLS_PER_S} calls a second, of five kinds, half of them failing, for ${context.seconds} s.`,
    claims: claimsOf(exact, shown),
    tables: [
      {
        title: 'On the device, in exact time',
        columns: ['tool', 'CPU time, of one CPU', 'of Sonde', 'its programs in the kernel', 'sent', 'of Sonde'],
        rows: [load, rival].map(({ tool, cpu, bpf, bytesPerS }) => [
          tool,
          percent(cpu, 2),
          times(cpu, load.cpu),
          percent(bpf, 1),
          `${kilobytes(bytesPerS)}/s`,
          times(bytesPerS, load.bytesPerS),
        ]),
      },
      {
        title: 'The window, with the pointer over it',
        columns: ['view', 'frames/s', '95 % within', 'longest'],
        rows: shown.motions.map(({ view, framesPerS, ninetyFifthMs, longestMs }) => [
          view,
          framesPerS.toFixed(1),
          `${ninetyFifthMs.toFixed(0)} ms`,
          `${longestMs.toFixed(0)} ms`,
        ]),
      },
    ],
    notes: [
      'CPU time and bytes are of a box that counts instructions: one CPU that executes one per nanosecond, whose seconds are longer than ours. Reading the maps is in the CPU time of the loader.',
      `The window's processes took ${shown.cpuMsPerS.toFixed(0)} ms of CPU time a second together. It is the real one, on a display without a graphics processor, on the same computer as a second box that is emulated in real time: both have what the other leaves. The calls a second beside its frames are those that this box really made.`,
    ],
    figures: { exact: figuresOf(exact), shown: figuresOf(shown) },
  };
}

export const SYSCALL_LOAD: Bench = {
  name: 'syscall-load',
  title: 'Two hundred thousand system calls a second',
  run,
};
