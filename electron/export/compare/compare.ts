/** Two recordings, or two parts of one, side by side: in numbers, with names that `--json` prints. */
import {
  type Basis,
  type ComparisonNote,
  comparisonNotes,
  type Normalisation,
  type FlowDiff,
} from '../../../remote-agent/protocol/statistics/index.ts';
import { type CallDiff, diffCalls } from './calls.ts';
import { diffFlows } from './flows.ts';
import { diffFunctions, type FunctionDiff } from './functions.ts';
import type { Resources } from './resources.ts';
import type { ComparedSide } from './side.ts';

export interface Comparison {
  readonly before: SideSummary;
  readonly after: SideSummary;
  /** Why it may mislead, the gravest first. */
  readonly notes: readonly ComparisonNote[];
  /** null where one of the sides has no samples. */
  readonly profile: { readonly basis: Basis; readonly functions: readonly FunctionDiff[] } | null;
  /** null where one of the sides has no system calls. */
  readonly calls: readonly CallDiff[] | null;
  /** null where one of the sides has no flows. */
  readonly flows: { readonly processes: readonly FlowDiff[]; readonly remotes: readonly FlowDiff[] } | null;
}

export interface SideSummary {
  readonly file: string;
  readonly hostname: string;
  readonly seconds: number;
  readonly samples: number;
  readonly resources: Resources;
}

export interface CompareOptions {
  readonly by: Normalisation;
  /** The function whose total is 100 %, where `by` is total. */
  readonly of: string | null;
}

export function compareSides(before: ComparedSide, after: ComparedSide, { by, of }: CompareOptions): Comparison {
  const both = (has: (side: ComparedSide) => boolean): boolean => has(before) && has(after);
  return {
    before: summaryOf(before),
    after: summaryOf(after),
    notes: comparisonNotes(before.facts, after.facts),
    profile: both(({ facts }) => facts.samples > 0) ? profileOf(before, after, by, of) : null,
    calls: both(({ calls }) => calls.coveredNs > 0) ? diffCalls(before.calls, after.calls) : null,
    flows: both(({ processes }) => processes.coveredNs > 0)
      ? {
          processes: diffFlows(before.processes, after.processes, 'process'),
          remotes: diffFlows(before.remotes, after.remotes, 'remote'),
        }
      : null,
  };
}

function profileOf(before: ComparedSide, after: ComparedSide, by: Normalisation, of: string | null) {
  const { rows, basis } = diffFunctions(before.profile, after.profile, by, of);
  return { basis, functions: rows };
}

function summaryOf({ file, facts, resources }: ComparedSide): SideSummary {
  return { file, hostname: facts.hostname, seconds: facts.seconds, samples: facts.samples, resources };
}
