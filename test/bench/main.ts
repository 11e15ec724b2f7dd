// Takes: which benches, how long, where to write. Gives: tables on the terminal, one file per bench, RESULTS.md.
// Never: fails because something took long.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootBox } from '../device/box/boot.mjs';
import { COST } from './cost.ts';
import { FIRST_PICTURE } from './first-picture.ts';
import { FLAMEGRAPH } from './flamegraph.ts';
import type { Bench, BenchContext } from './harness/bench.ts';
import { printResult, writeResult } from './harness/report.ts';
import { HOUR } from './hour.ts';
import { IDLE } from './idle.ts';
import { NET_COST } from './net-cost.ts';
import { NET_LOAD } from './net-load.ts';
import { RECORDING_BUSY } from './recording-busy.ts';
import { RECORDING_DAY } from './recording-day.ts';
import { RECORDING_KILLS } from './recording-kills.ts';
import { RECORDING_OPEN } from './recording-open.ts';
import { RECORDING_SIZE } from './recording-size.ts';
import { SIZE } from './size.ts';
import { START } from './start.ts';
import { STREAM } from './stream.ts';
import { SYSCALL_COST } from './syscall-cost.ts';
import { SYSCALL_LOAD } from './syscall-load.ts';
import { TRUTH } from './truth.ts';

/** In the order they run. */
export const BENCHES: readonly Bench[] = [
  FIRST_PICTURE,
  TRUTH,
  COST,
  SYSCALL_COST,
  SYSCALL_LOAD,
  NET_COST,
  NET_LOAD,
  STREAM,
  RECORDING_DAY,
  RECORDING_BUSY,
  RECORDING_OPEN,
  RECORDING_SIZE,
  RECORDING_KILLS,
  FLAMEGRAPH,
  START,
  IDLE,
  SIZE,
  HOUR,
];

const SECONDS = 60;
const QUICK_SECONDS = 10;

export interface BenchOptions {
  readonly quick: boolean;
  /** Results are written here. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export async function runBench(bench: Bench, { quick, folder, log }: BenchOptions): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'sonde-bench-'));
  const context: BenchContext = {
    quick,
    seconds: quick ? QUICK_SECONDS : SECONDS,
    scratch,
    log,
    async withBox(options, work) {
      const box = await bootBox({ ...options, log });
      log(`a ${options.variant} box is up`);
      try {
        return await work(box);
      } finally {
        await box.stop();
      }
    },
  };
  try {
    const result = await bench.run(context);
    printResult(bench, result);
    await writeResult(folder, bench, result, quick);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
