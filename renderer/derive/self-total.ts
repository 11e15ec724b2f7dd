import { isFunctionKey } from './node-key.ts';
import { type CallTree, ROOT } from './tree.ts';

/** What each function cost. By function id; in samples. */
export interface SelfTotal {
  readonly self: Float64Array;
  /** Samples with the function anywhere in the stack; a stack counts once, however often the function is in it. */
  readonly total: Float64Array;
  /** Functions that have samples, in no order. */
  readonly present: readonly number[];
  readonly all: number;
}

export function selfTotal(tree: CallTree, functionCount: number): SelfTotal {
  const self = new Float64Array(functionCount);
  const total = new Float64Array(functionCount);
  /** End of the function's outermost call that is open: nodes before it are recursion. */
  const openUntil = new Uint32Array(functionCount);
  const present: number[] = [];
  for (let node = 0; node < tree.count; node++) {
    const id = tree.key[node]!;
    if (!isFunctionKey(id)) continue;
    if (total[id] === 0 && tree.total[node]! > 0) present.push(id);
    self[id] = self[id]! + tree.self[node]!;
    if (node < openUntil[id]!) continue;
    total[id] = total[id]! + tree.total[node]!;
    openUntil[id] = tree.end[node]!;
  }
  return { self, total, present, all: tree.total[ROOT]! };
}
