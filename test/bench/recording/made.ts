/** A recording that was made for a bench, and put in order as a session does at its end. */
import { stat } from 'node:fs/promises';
import { tidyRecording } from '../../../electron/recording/index.ts';
import type { BenchContext } from '../harness/bench.ts';
import { mebibytes, seconds } from '../harness/figures.ts';

export interface Tidied {
  readonly recordedBytes: number;
  readonly bytes: number;
  readonly tidyMs: number;
}

export async function tidied(file: string, name: string, { log }: BenchContext): Promise<Tidied> {
  const recordedBytes = (await stat(file)).size;
  const begin = performance.now();
  const outcome = await tidyRecording(file);
  if (outcome !== 'done') throw new Error(`${name} was not put in order: ${outcome}`);
  const tidyMs = performance.now() - begin;
  const bytes = (await stat(file)).size;
  log(`${name}: ${mebibytes(recordedBytes)}, in order ${mebibytes(bytes)} after ${seconds(tidyMs)}`);
  return { recordedBytes, bytes, tidyMs };
}
