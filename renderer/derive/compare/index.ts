/**
 * Takes: two sides, each a range of a snapshot.
 * Gives: one tree of both, what changed in functions, calls, flows and resources, and what is to be known before reading it.
 * Never: draws, or says that something changed without saying whether that may be chance.
 */
export { type CallDiff, callDiffs, type CallSide } from './call-diffs.ts';
export { DIFF_WIDTHS, type DiffTree, diffTree, type DiffWidths, nodeChange, selfChange } from './diff-tree.ts';
export { type Resources, resourcesOf, sideFacts } from './facts.ts';
export { flowDiffs, type FlowOwner } from './flow-diffs.ts';
export {
  basisOf,
  type CostKind,
  type FunctionCosts,
  functionCosts,
  type FunctionDiff,
  functionDiffs,
} from './function-diffs.ts';
export { functionDiffsCsv } from './functions-csv.ts';
export { type MergedProfile, mergeProfiles } from './merged-profile.ts';
export { type CompareSide, sideProfile, type SideProfile } from './side.ts';
