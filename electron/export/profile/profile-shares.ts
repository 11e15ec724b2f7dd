/** Which functions and processes the samples of a profile fell into. Shares are of the kept samples, 0..1. */
import type { CollectedProfile, Entry } from './collect-profile.ts';
import { FunctionIndex } from './function-index.ts';

export interface FunctionShare {
  readonly name: string;
  readonly module: string;
  readonly self: number;
  readonly total: number;
  readonly selfShare: number;
  readonly totalShare: number;
}

export interface ProcessShare {
  readonly comm: string;
  readonly pid: number;
  readonly container: string;
  readonly samples: number;
  readonly share: number;
}

const HOTTEST = 10;

/** Ten, by self. A function that stands in a stack more than once counts once for its total. */
export function hottest({ entries, tables }: CollectedProfile): FunctionShare[] {
  const functions = new FunctionIndex(tables);
  const self = new Map<number, number>();
  const total = new Map<number, number>();
  const add = (counts: Map<number, number>, id: number, samples: number): void =>
    void counts.set(id, (counts.get(id) ?? 0) + samples);
  for (const { stack, samples } of entries) {
    const ids = tables.leafToRoot(stack).map((frame) => functions.ofFrame(frame));
    const [leaf] = ids;
    if (leaf !== undefined) add(self, leaf, samples);
    for (const id of new Set(ids)) add(total, id, samples);
  }
  const all = sumOf(entries);
  return [...self]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .slice(0, HOTTEST)
    .map(([id, count]) => {
      const { name = '', file = '' } = functions.all[id] ?? {};
      const whole = total.get(id) ?? 0;
      return {
        name,
        module: file,
        self: count,
        total: whole,
        selfShare: share(count, all),
        totalShare: share(whole, all),
      };
    });
}

/** All, largest first. */
export function busiest({ entries, tables }: CollectedProfile): ProcessShare[] {
  const byProcess = new Map<number, number>();
  for (const { thread, samples } of entries) {
    const process = tables.threads[thread]?.process ?? 0;
    byProcess.set(process, (byProcess.get(process) ?? 0) + samples);
  }
  const all = sumOf(entries);
  return [...byProcess]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .map(([id, samples]) => {
      const { comm = '?', pid = 0, container = '' } = tables.processes[id] ?? {};
      return { comm, pid, container, samples, share: share(samples, all) };
    });
}

function sumOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.samples, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
