/** What watching system calls adds to each of them: instructions, counted by the box, beside what others add. */
import { callFacts, tablesOfMachine } from '../../remote-agent/protocol/index.ts';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { times } from './harness/figures.ts';
import { inBox } from './harness/remote.ts';
import { bringLoader, loader, watchedBy, type Watcher } from './harness/watcher.ts';

/** Counts instructions, one per nanosecond on one CPU: the figures repeat on any computer, however busy. */
const BOX = { variant: 'peers', icount: true } as const;

const TARGET = 600;
const LOOP_LIMIT_MS = 600_000;

/** Watches all processes; or, with `wraps`, runs the program that follows. */
interface Observer extends Watcher {
  readonly tells: string;
  readonly wraps?: boolean;
  /** It slows the loop so much that a tenth of it will do. */
  readonly isSlow?: boolean;
}

const bpftrace = (script: string) => `bpftrace -e '${script}'`;
const SYS_ENTER = 'tracepoint:raw_syscalls:sys_enter';
const SYS_EXIT = 'tracepoint:raw_syscalls:sys_exit';

const SONDE: Observer = {
  name: 'Sonde',
  tells: 'thread, call, errno, latency histogram',
  command: loader('syscalls'),
};

const FACTS = `--facts ${callFacts(tablesOfMachine('x86_64'))}`;

/** The probe of single calls, as the window starts it: most calls do not fit; and when every call would. */
const AS_THEY_HAPPEN: readonly Observer[] = [
  {
    name: 'Sonde, as they happen, slow ones',
    tells: 'calls of 10 ms or longer, each',
    command: loader(`slow-syscalls ${FACTS}`),
  },
  {
    name: 'Sonde, as they happen, 200 a second',
    tells: 'every call that there is room for, each',
    command: loader(`slow-syscalls ${FACTS} --min-us 0`),
  },
];

const RIVALS: readonly Observer[] = [
  { name: 'libbpf-tools syscount', tells: 'call', command: 'syscount' },
  { name: 'libbpf-tools syscount -L', tells: 'call, total latency', command: 'syscount -L' },
  {
    name: 'bpftrace, count',
    tells: 'process, call',
    command: bpftrace(`${SYS_EXIT} { @[comm, args->id] = count(); }`),
  },
  {
    name: 'bpftrace, histogram',
    tells: 'process, call, latency histogram',
    command: bpftrace(
      `${SYS_ENTER} { @start[tid] = nsecs; } ${SYS_EXIT} /@start[tid]/ { @ns[comm, args->id] = hist(nsecs - @start[tid]); delete(@start[tid]); }`,
    ),
  },
  {
    name: 'perf trace -s',
    tells: 'thread, call, latency',
    command: 'perf trace -s -o /tmp/observer.out',
    wraps: true,
    isSlow: true,
  },
  {
    name: 'strace -c',
    tells: 'call, errors, time',
    command: 'strace -c -o /tmp/observer.out',
    wraps: true,
    isSlow: true,
  },
];

interface Cost {
  readonly name: string;
  readonly tells: string;
  /** Instructions of one call, the loop's own included: in the middle round, and on average with all that goes on beside. */
  readonly medianNs: number;
  readonly meanNs: number;
}

async function runLoop(box: Box, rounds: number, wrapper = ''): Promise<Pick<Cost, 'medianNs' | 'meanNs'>> {
  const said = await inBox(box, `${wrapper} /opt/workload/call_loop --rounds ${rounds}`, LOOP_LIMIT_MS);
  return JSON.parse(said) as Pick<Cost, 'medianNs' | 'meanNs'>;
}

async function costOf(box: Box, { scratch, quick, log }: BenchContext, observer: Observer): Promise<Cost> {
  const rounds = (quick ? 50 : 400) / (observer.isSlow ? 10 : 1);
  const { name, tells, command, wraps } = observer;
  const work = async () => ({ name, tells, ...(await runLoop(box, rounds, wraps ? command : '')) });
  const cost = wraps ? await work() : await watchedBy(box, scratch, observer, work);
  log(`${name}: ${cost.medianNs}`);
  return cost;
}

async function measure(box: Box, context: BenchContext) {
  await bringLoader(box);
  const base: Cost = { name: 'nobody', tells: '', ...(await runLoop(box, context.quick ? 50 : 400)) };
  const sonde = await costOf(box, context, SONDE);
  const costsOf = async (observers: readonly Observer[]) => {
    const costs: Cost[] = [];
    for (const observer of observers) costs.push(await costOf(box, context, observer));
    return costs;
  };
  return { base, sonde, asTheyHappen: await costsOf(AS_THEY_HAPPEN), rivals: await costsOf(RIVALS) };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { base, sonde, asTheyHappen, rivals } = await context.withBox(BOX, (box) => measure(box, context));
  const added = ({ medianNs }: Cost) => medianNs - base.medianNs;
  const row = (cost: Cost) => [
    cost.name,
    cost.tells,
    `+${added(cost).toFixed(0)}`,
    times(added(cost), added(sonde)),
    `+${(cost.meanNs - base.meanNs).toFixed(0)}`,
  ];
  return {
    about: `A loop of getppid, which takes ${base.medianNs.toFixed(0)} instructions a call when nobody watches, on a box that counts instructions; each observer in turn.`,
    claims: [
      {
        what: 'instructions that Sonde adds to a system call, with latency and errno',
        target: `at most ${TARGET}`,
        measured: added(sonde).toFixed(0),
        met: added(sonde) <= TARGET,
      },
    ],
    tables: [
      {
        title: 'Instructions added to each call',
        columns: ['observer', 'what it tells', 'in the kernel', 'of Sonde', 'on average, all that it does'],
        rows: [sonde, ...asTheyHappen, ...rivals].map(row),
      },
    ],
    notes: [
      'As they happen is a probe of its own, which runs only while somebody looks at single calls. getppid never takes 10 ms, so the first line is what every call pays for the question; the second is of calls that all fit, of which all but 200 a second are only counted.',
      'In the kernel is the middle of many rounds; on average has in it what the observer does beside on the same CPU. For strace and perf trace that is most of it.',
    ],
    figures: { base, sonde, asTheyHappen, rivals },
  };
}

export const SYSCALL_COST: Bench = {
  name: 'syscall-cost',
  title: 'What watching system calls costs each of them',
  run,
};
