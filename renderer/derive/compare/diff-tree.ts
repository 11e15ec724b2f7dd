import { type Basis, certainStep, type Change, changeOf } from '../../../remote-agent/protocol/statistics/index.ts';
import { type CallTree, ROOT } from '../tree.ts';
import type { MergedProfile } from './merged-profile.ts';

/** Whose widths the frames have: of both sides, so that gone frames are seen too, or of one. */
export const DIFF_WIDTHS = ['after', 'before', 'both'] as const;
export type DiffWidths = (typeof DIFF_WIDTHS)[number];

/** A tree to be drawn, and what both sides had at each node. In samples. */
export interface DiffTree {
  readonly tree: CallTree;
  readonly selfBefore: Float64Array;
  readonly selfAfter: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** −4 … 4 by node; 0 = about the same, or not to be told from chance. Positive: more than before. */
  readonly step: Int8Array;
  readonly basis: Basis;
}

export function diffTree(merged: MergedProfile, widths: DiffWidths, basis: Basis): DiffTree {
  const { before, after } = merged;
  const weigh = weightsFor(widths, basis);
  const kept = nodesWith(before.count, (node) => weigh(before.total[node]!, after.total[node]!) > 0);
  const pick = (column: Float64Array) => Float64Array.from(kept, (node) => column[node]!);
  const diff = {
    selfBefore: pick(before.self),
    selfAfter: pick(after.self),
    before: pick(before.total),
    after: pick(after.total),
    basis,
  };
  const tree = pruned(before, kept, {
    self: Float64Array.from(kept, (_, at) => weigh(diff.selfBefore[at]!, diff.selfAfter[at]!)),
    total: Float64Array.from(kept, (_, at) => weigh(diff.before[at]!, diff.after[at]!)),
  });
  return {
    ...diff,
    tree,
    step: Int8Array.from(kept, (_, at) => certainStep(diff.before[at]!, diff.after[at]!, basis)),
  };
}

/** Of a node's total. */
export function nodeChange(
  { before, after, basis }: Pick<DiffTree, 'before' | 'after' | 'basis'>,
  node: number,
): Change {
  return changeOf(before[node]!, after[node]!, basis);
}

export function selfChange({ selfBefore, selfAfter, basis }: DiffTree, node: number): Change {
  return changeOf(selfBefore[node]!, selfAfter[node]!, basis);
}

function weightsFor(widths: DiffWidths, basis: Basis): (before: number, after: number) => number {
  switch (widths) {
    case 'after':
      return (_, after) => after;
    case 'before':
      return (before) => before;
    case 'both':
      return (before, after) => part(before, basis.before) + part(after, basis.after);
  }
}

function part(count: number, all: number): number {
  return all > 0 ? count / all : 0;
}

/** The root is always there. */
function nodesWith(count: number, has: (node: number) => boolean): Uint32Array {
  const nodes: number[] = [ROOT];
  for (let node = ROOT + 1; node < count; node++) if (has(node)) nodes.push(node);
  return Uint32Array.from(nodes);
}

/** A tree of some of the nodes: with each its callers. */
function pruned(
  { parent, key, depth, count, end }: CallTree,
  kept: Uint32Array,
  weights: Pick<CallTree, 'self' | 'total'>,
): CallTree {
  /** How many of the nodes before it are kept: its place, if it is. */
  const place = new Uint32Array(count + 1);
  for (const node of kept) place[node + 1] = 1;
  for (let node = 0; node < count; node++) place[node + 1] = place[node + 1]! + place[node]!;
  const depths = Uint32Array.from(kept, (node) => depth[node]!);
  return {
    count: kept.length,
    key: Uint32Array.from(kept, (node) => key[node]!),
    parent: Int32Array.from(kept, (node) => (node === ROOT ? -1 : place[parent[node]!]!)),
    depth: depths,
    end: Uint32Array.from(kept, (node) => place[end[node]!]!),
    ...weights,
    height: depths.reduce((most, each) => Math.max(most, each), 0) + 1,
  };
}
