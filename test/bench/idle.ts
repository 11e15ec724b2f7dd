/** What an open window costs the workstation while nothing happens: CPU time and memory of all its processes. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDisplay } from '../../build/display.mjs';
import { cpuTimeMs } from './flamegraph/cpu-time.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { bareApp, memoryOf, type OwnMemory, startApp } from './harness/desktop-app.ts';
import { median, mebibytes, percent, sum } from './harness/figures.ts';

const SETTLE_MS = 10_000;
const CPU_LIMIT = 0.01;
const MEMORY_LIMIT = 250e6;
const LOOKS = 5;
const SAMPLE = 'electron/shell/sample.sonde.mcap';

interface Idle {
  /** Of one CPU. */
  readonly cpuShare: number;
  readonly pssBytes: number;
  readonly processes: readonly OwnMemory[];
}

async function watch(
  folder: string,
  args: readonly string[],
  { scratch, seconds }: BenchContext,
  display: string,
): Promise<Idle> {
  const app = await startApp(folder, { scratch, display, args });
  try {
    await pause(SETTLE_MS);
    const cpu = () => cpuTimeMs(app.pid) ?? Number.NaN;
    const [beganMs, cpuBeforeMs] = [performance.now(), cpu()];
    const totals: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      await pause((seconds * 1000) / LOOKS);
      totals.push(sum(memoryOf(app.pid).map(({ pssBytes }) => pssBytes)));
    }
    const cpuShare = (cpu() - cpuBeforeMs) / (performance.now() - beganMs);
    return { cpuShare, pssBytes: median(totals), processes: memoryOf(app.pid) };
  } finally {
    await app.close();
  }
}

const CASES = [
  { name: 'Sonde, start screen', args: [], own: true },
  { name: 'Sonde, the sample recording open', args: [resolve(SAMPLE)], own: true },
  { name: 'bare Electron', args: [], own: false },
];

async function run(context: BenchContext): Promise<BenchResult> {
  const display = await openDisplay();
  const bare = bareApp(context.scratch);
  const seen: (Idle & { readonly name: string })[] = [];
  try {
    for (const { name, args, own } of CASES) {
      const idle = await watch(own ? process.cwd() : bare, args, context, display.name);
      context.log(`${name}: ${percent(idle.cpuShare, 2)} of a CPU, ${mebibytes(idle.pssBytes)}`);
      seen.push({ name, ...idle });
    }
  } finally {
    display.close();
  }
  const [start] = seen;
  if (!start) throw new Error('nothing was watched');
  return {
    about: `An open window that nobody touches, for ${context.seconds} s, all its processes together; beside it the same Electron with one line of text. Memory that processes share is counted once.`,
    claims: [
      {
        what: 'CPU of an idle window',
        target: '≤ 1 %',
        measured: percent(start.cpuShare, 2),
        met: start.cpuShare <= CPU_LIMIT,
      },
      {
        what: 'memory of an idle window',
        target: '≤ 250 MB',
        measured: `${(start.pssBytes / 1e6).toFixed(0)} MB`,
        met: start.pssBytes <= MEMORY_LIMIT,
      },
    ],
    tables: [
      {
        title: 'Idle',
        columns: ['', 'CPU', 'memory', 'of that'],
        rows: seen.map(({ name, cpuShare, pssBytes, processes }) => [
          name,
          percent(cpuShare, 2),
          `${(pssBytes / 1e6).toFixed(0)} MB`,
          processes
            .toSorted((a, b) => b.pssBytes - a.pssBytes)
            .slice(0, 4)
            .map((each) => `${each.role} ${(each.pssBytes / 1e6).toFixed(0)}`)
            .join(', '),
        ]),
      },
    ],
    notes: [
      'On a display without a graphics processor, Chromium draws in software, and its GPU process holds the pictures.',
      'The bare one asks the display what OpenGL can do, as the first GTK program of any display does: 20 MB of libraries stay in it. Sonde tells GTK not to (electron/shell/lean.ts).',
    ],
    figures: seen,
  };
}

export const IDLE: Bench = { name: 'idle', title: 'An idle window', run };
