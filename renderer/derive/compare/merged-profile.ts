import type { FunctionTable } from '../function-table.ts';
import type { Names } from '../names.ts';
import { siblingOrder } from '../sibling-order.ts';
import { type CallTree, ROOT } from '../tree.ts';
import { TreeBuilder } from '../tree-builder.ts';
import { MergedNames } from './merged-names.ts';
import type { SideProfile } from './side.ts';

/**
 * Two trees of the same shape: what is on either side is in both, with no samples where it was not.
 *
 *     before     main 5               after      main 6
 *     a 3  b 2                  and   b 2  c 4             →   main 5|6, a 3|0, b 2|2, c 0|4
 */
export interface MergedProfile {
  readonly before: CallTree;
  readonly after: CallTree;
  readonly functions: FunctionTable;
  readonly names: Names;
}

export function mergeProfiles(before: SideProfile, after: SideProfile): MergedProfile {
  const merged = new MergedNames();
  const sides = [before, after].map((side) => ({ tree: side.tree, common: merged.translator(side) }));
  const builders = [0, 1].map((weighed) => {
    const builder = new TreeBuilder(before.tree.count + after.tree.count);
    for (const [at, side] of sides.entries()) hang(builder, side.tree, side.common, at === weighed);
    return builder;
  });
  const { functions, tables, names } = merged.finish();
  // Both have the same nodes, added in the same order.
  const order = siblingOrder(functions, tables, builders[0]!.groups());
  return { before: builders[0]!.finish(order), after: builders[1]!.finish(order), functions, names };
}

function hang(builder: TreeBuilder, tree: CallTree, common: (key: number) => number, isWeighed: boolean): void {
  const at = new Uint32Array(tree.count);
  for (let node = 0; node < tree.count; node++) {
    if (node !== ROOT) at[node] = builder.child(at[tree.parent[node]!]!, common(tree.key[node]!));
    if (isWeighed) builder.weigh(at[node]!, tree.self[node]!);
  }
}
