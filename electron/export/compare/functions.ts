/** Functions of both sides, matched by name and file name of their module: folders and processes may differ. */
import { raise } from '../../../remote-agent/protocol/index.ts';
import {
  adjusted,
  type Basis,
  type Change,
  changeOf,
  type Normalisation,
} from '../../../remote-agent/protocol/statistics/index.ts';
import type { CollectedProfile } from '../profile/collect-profile.ts';
import { functionName, moduleFile } from '../profile/function-name.ts';
import { keyed, pairs } from './pairs.ts';

export interface FunctionDiff {
  readonly name: string;
  /** File name of its module; '' for none. */
  readonly module: string;
  /** Samples. */
  readonly selfBefore: number;
  readonly selfAfter: number;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly self: Change;
  readonly total: Change;
  /** p of self and of total, corrected for the number of functions. */
  readonly selfQ: number;
  readonly totalQ: number;
}

interface Cost {
  readonly name: string;
  readonly module: string;
  self: number;
  total: number;
}

type Costs = ReadonlyMap<string, Cost>;

/** By the size of the change of self, the largest first. `of`: the function whose total is 100 %, where `by` is total. */
export function diffFunctions(
  before: CollectedProfile,
  after: CollectedProfile,
  by: Normalisation,
  of: string | null,
): { readonly rows: readonly FunctionDiff[]; readonly basis: Basis } {
  const [was, is] = [costsOf(before), costsOf(after)];
  const basis = basisOf(before, after, was, is, by, of);
  const found = pairs(was, is).map((pair) => diffOf(pair.before, pair.after, basis));
  const selfQ = adjusted(found.map(({ self }) => self.p));
  const totalQ = adjusted(found.map(({ total }) => total.p));
  const rows = found
    .map((row, i) => ({ ...row, selfQ: selfQ[i] ?? 1, totalQ: totalQ[i] ?? 1 }))
    .toSorted((a, b) => Math.abs(b.self.points) - Math.abs(a.self.points) || (a.name < b.name ? -1 : 1));
  return { rows, basis };
}

function diffOf(before: Cost | null, after: Cost | null, basis: Basis): Omit<FunctionDiff, 'selfQ' | 'totalQ'> {
  const { name = '', module = '' } = after ?? before ?? {};
  const [selfBefore, selfAfter] = [before?.self ?? 0, after?.self ?? 0];
  const [totalBefore, totalAfter] = [before?.total ?? 0, after?.total ?? 0];
  return {
    name,
    module,
    selfBefore,
    selfAfter,
    totalBefore,
    totalAfter,
    self: changeOf(selfBefore, selfAfter, basis),
    total: changeOf(totalBefore, totalAfter, basis),
  };
}

/** A function that stands in a stack more than once counts once for its total. */
function costsOf({ entries, tables }: CollectedProfile): Costs {
  const ofFrame = new Map<number, Cost>();
  const frames = [...new Set(tables.stackFrames)];
  const costs = keyed(frames, keyOf, make, (cost, frame) => void ofFrame.set(frame, cost));
  for (const { stack, samples } of entries) {
    const stackCosts = tables.leafToRoot(stack).flatMap((frame) => ofFrame.get(frame) ?? []);
    if (stackCosts[0]) stackCosts[0].self += samples;
    for (const cost of new Set(stackCosts)) cost.total += samples;
  }
  return new Map([...costs].filter(([, { total }]) => total > 0));

  function keyOf(frame: number): string {
    const module = tables.moduleOf(frame);
    return `${module ? moduleFile(module) : ''}\0${functionName(tables.frames[frame], module)}`;
  }
  function make(frame: number): Cost {
    const module = tables.moduleOf(frame);
    return {
      name: functionName(tables.frames[frame], module),
      module: module ? moduleFile(module) : '',
      self: 0,
      total: 0,
    };
  }
}

function basisOf(
  before: CollectedProfile,
  after: CollectedProfile,
  was: Costs,
  is: Costs,
  by: Normalisation,
  of: string | null,
): Basis {
  switch (by) {
    case 'samples':
      return { by, before: samplesOf(before), after: samplesOf(after) };
    case 'time':
      return { by, before: ticksOfOneCpu(before), after: ticksOfOneCpu(after) };
    case 'total':
      return { by, before: totalOf(was, of, 'before'), after: totalOf(is, of, 'after') };
  }
}

function samplesOf({ entries }: CollectedProfile): number {
  return entries.reduce((sum, { samples }) => sum + samples, 0);
}

/** The sampler ticks equally often on every CPU and counts each tick, also the idle ones. */
function ticksOfOneCpu({ totals, cpus, hz, coveredNs }: CollectedProfile): number {
  return totals.seen > 0 ? totals.seen / cpus : (coveredNs / 1e9) * hz;
}

function totalOf(costs: Costs, of: string | null, side: string): number {
  const total = [...costs.values()].filter(({ name }) => name === of).reduce((sum, cost) => sum + cost.total, 0);
  if (total > 0) return total;
  return raise(
    'bad-option',
    `cannot compare: ${of ?? 'no function'} has no samples in the side “${side}”`,
    'Name a function that is on both sides, as sonde info shows it.',
  );
}
