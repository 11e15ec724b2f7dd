/** Stacks as a prefix tree of functions, each with a number: what Firefox and Chrome want below their samples. */
import type { CollectedProfile } from '../profile/collect-profile.ts';
import { FunctionIndex } from '../profile/function-index.ts';
import type { Tables } from '../tables.ts';

export interface StackNode {
  /** -1 = none. */
  readonly parent: number;
  /** Number of its function. */
  readonly fn: number;
}

export class StackTree {
  readonly nodes: StackNode[] = [];
  readonly functions: FunctionIndex;
  private readonly tables: Tables;
  private readonly children = new Map<number, Map<number, number>>();
  private readonly known = new Map<number, number>();

  constructor({ tables }: Pick<CollectedProfile, 'tables'>) {
    this.tables = tables;
    this.functions = new FunctionIndex(tables);
  }

  /** Number of the node that a stack of the recording ends in. */
  nodeOf(stack: number): number {
    const known = this.known.get(stack);
    if (known !== undefined) return known;
    const functions =
      stack === 0
        ? [this.functions.named('[no stack]')]
        : this.tables
            .leafToRoot(stack)
            .toReversed()
            .map((frame) => this.functions.ofFrame(frame));
    const node = functions.reduce((parent, fn) => this.child(parent, fn), -1);
    this.known.set(stack, node);
    return node;
  }

  private child(parent: number, fn: number): number {
    const of = this.children.get(parent) ?? new Map<number, number>();
    this.children.set(parent, of);
    let node = of.get(fn);
    if (node === undefined) {
      node = this.nodes.push({ parent, fn }) - 1;
      of.set(fn, node);
    }
    return node;
  }
}
