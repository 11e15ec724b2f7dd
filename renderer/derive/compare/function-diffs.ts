import {
  adjusted,
  type Basis,
  type Change,
  changeOf,
  type Normalisation,
} from '../../../remote-agent/protocol/statistics/index.ts';
import { type SelfTotal, selfTotal } from '../self-total.ts';
import type { MergedProfile } from './merged-profile.ts';
import type { SideProfile } from './side.ts';

/** What each function cost on both sides, by function id of the merged table. */
export interface FunctionCosts {
  readonly before: SelfTotal;
  readonly after: SelfTotal;
  /** Functions that have samples on either side. */
  readonly present: readonly number[];
}

export function functionCosts({ before, after, functions }: MergedProfile): FunctionCosts {
  const [was, is] = [selfTotal(before, functions.count), selfTotal(after, functions.count)];
  return { before: was, after: is, present: [...new Set([...was.present, ...is.present])] };
}

/** `of`: the function whose total is 100 %, where `by` is total; it has samples on both sides or the result is null. */
export function basisOf(
  by: Normalisation,
  costs: FunctionCosts,
  sides: { readonly before: SideProfile; readonly after: SideProfile },
  of: number | null,
): Basis | null {
  const { before, after } = costs;
  switch (by) {
    case 'samples':
      return { by, before: before.all, after: after.all };
    case 'time':
      return { by, before: sides.before.ticksOfOneCpu, after: sides.after.ticksOfOneCpu };
    case 'total': {
      const totals = of === null ? [] : [before.total[of] ?? 0, after.total[of] ?? 0];
      const [was = 0, is = 0] = totals;
      return was > 0 && is > 0 ? { by, before: was, after: is } : null;
    }
  }
}

export type CostKind = 'self' | 'total';

export interface FunctionDiff {
  readonly change: Change;
  /** p of all rows, corrected for their number. */
  readonly q: number;
}

/** By function id. */
export function functionDiffs(costs: FunctionCosts, kind: CostKind, basis: Basis): ReadonlyMap<number, FunctionDiff> {
  const { before, after, present } = costs;
  const changes = present.map((id) => changeOf(before[kind][id]!, after[kind][id]!, basis));
  const q = adjusted(changes.map(({ p }) => p));
  return new Map(present.map((id, at) => [id, { change: changes[at]!, q: q[at]! }]));
}
