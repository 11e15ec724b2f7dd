import { useMemo } from 'react';
import {
  type Basis,
  type ComparisonNote,
  comparisonNotes,
  type Normalisation,
} from '../../../remote-agent/protocol/statistics/index.ts';
import {
  basisOf,
  type CompareSide,
  type DiffTree,
  diffTree,
  type DiffWidths,
  type FunctionCosts,
  functionCosts,
  type FunctionDiff,
  functionDiffs,
  type MergedProfile,
  mergeProfiles,
  sideFacts,
  sideProfile,
} from '../../derive/compare/index.ts';
import type { Grouping } from '../../derive/index.ts';

export interface ComparisonLook {
  readonly grouping: Grouping;
  readonly widths: DiffWidths;
  readonly by: Normalisation;
  /** `keyOf` of the function that is 100 %, where `by` is total. */
  readonly of: string | null;
}

export interface ProfileComparison {
  readonly merged: MergedProfile;
  readonly costs: FunctionCosts;
  readonly basis: Basis;
  readonly diff: DiffTree;
  readonly self: ReadonlyMap<number, FunctionDiff>;
  readonly total: ReadonlyMap<number, FunctionDiff>;
  /** The function that is 100 %; null where it is none, or has no samples on one of the sides. */
  readonly of: number | null;
}

export interface Comparison {
  readonly notes: readonly ComparisonNote[];
  /** null where one of the sides has no samples. */
  readonly profile: ProfileComparison | null;
}

/** Goes on from the first step whose input changed. */
export function useComparison(before: CompareSide, after: CompareSide, look: ComparisonLook): Comparison {
  const { grouping, widths, by, of } = look;
  const was = useMemo(() => sideProfile(before, grouping), [before, grouping]);
  const is = useMemo(() => sideProfile(after, grouping), [after, grouping]);
  const notes = useMemo(() => comparisonNotes(sideFacts(before, was), sideFacts(after, is)), [before, after, was, is]);
  const counted = useMemo(() => {
    if (!was || !is || was.tree.total[0] === 0 || is.tree.total[0] === 0) return null;
    const merged = mergeProfiles(was, is);
    return { merged, costs: functionCosts(merged), sides: { before: was, after: is } };
  }, [was, is]);
  const profile = useMemo(() => {
    if (!counted) return null;
    const { merged, costs, sides } = counted;
    const id = of === null ? null : idOf(merged, of);
    const wanted = basisOf(by, costs, sides, id);
    // A function without samples on one of the sides can be no measure.
    const basis = wanted ?? { by: 'samples' as const, before: costs.before.all, after: costs.after.all };
    return {
      merged,
      costs,
      basis,
      of: wanted && by === 'total' ? id : null,
      self: functionDiffs(costs, 'self', basis),
      total: functionDiffs(costs, 'total', basis),
    };
  }, [counted, by, of]);
  const whole = useMemo(
    () => profile && { ...profile, diff: diffTree(profile.merged, widths, profile.basis) },
    [profile, widths],
  );
  return { notes, profile: whole };
}

/** What a function is known by when the sides are swapped and all numbers change. */
export function keyOf({ names }: MergedProfile, id: number): string {
  return `${names.module(id)} ${names.name(id)}`;
}

function idOf(merged: MergedProfile, key: string): number | null {
  for (let id = 0; id < merged.functions.count; id++) if (keyOf(merged, id) === key) return id;
  return null;
}
