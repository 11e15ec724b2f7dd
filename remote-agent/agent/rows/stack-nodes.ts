/**
 * Nodes of the stacks of one batch: rows that differ only in when or where they were seen have the same stack, and it is
 * walked once.
 */
export class StackNodes {
  private readonly nodes: Int32Array;
  /** Whose stack it was, or what it stood on, when its node was found. */
  private readonly under: unknown[];

  constructor(stacks: number) {
    this.nodes = new Int32Array(stacks);
    this.under = Array.from({ length: stacks }, () => NOBODY);
  }

  of(stack: number, under: unknown, walk: () => number): number {
    if (this.under[stack] !== under) {
      this.nodes[stack] = walk();
      this.under[stack] = under;
    }
    return this.nodes[stack] as number;
  }
}

const NOBODY = Symbol('nobody');
