/** Finds the stacks of one batch by hash and space, without an object per stack. */
import {
  ADDRESS_LENGTH,
  BUILD_ID_FRAME_LENGTH,
  MAX_WIRE_FRAMES,
  raise,
  SPACE,
  STACK_HEADER_LENGTH,
  viewOf,
} from '../../protocol/index.ts';

export class StackIndex {
  /** One view per payload. */
  private readonly views: DataView[];
  /** Per stack: which payload, where its frames start, how many. */
  private readonly payloads: number[] = [];
  private readonly starts: number[] = [];
  private readonly counts: number[] = [];
  private readonly low: number[] = [];
  private readonly high: number[] = [];
  private readonly spaces: number[] = [];
  /** Stack number + 1; 0 = free. A power of two, at most half full. */
  private readonly slots: Int32Array;

  constructor(payloads: readonly Uint8Array[]) {
    this.views = payloads.map(viewOf);
    for (const payload of this.views.keys()) this.readRun(payload);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(this.counts.length * 2 + 2)));
    for (let stack = 0; stack < this.counts.length; stack++) this.insert(stack);
  }

  get count(): number {
    return this.counts.length;
  }

  /** Stack number, -1 where the batch has none such. */
  find(low: number, high: number, space: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(low, high, space) & mask; ; slot = (slot + 1) & mask) {
      const stack = (this.slots[slot] ?? 0) - 1;
      if (stack < 0 || (this.low[stack] === low && this.high[stack] === high && this.spaces[stack] === space))
        return stack;
    }
  }

  frames(stack: number): { view: DataView; start: number; count: number } {
    const view = this.views[this.payloads[stack] ?? 0];
    if (!view) throw new Error(`no stack ${stack}`);
    return { view, start: this.starts[stack] ?? 0, count: this.counts[stack] ?? 0 };
  }

  private readRun(payload: number): void {
    const view = this.views[payload];
    for (let at = 0; view && at < view.byteLength; ) {
      if (at + STACK_HEADER_LENGTH > view.byteLength) refuse();
      const count = view.getUint16(at + 8, true);
      const space = view.getUint8(at + 10);
      const start = at + STACK_HEADER_LENGTH;
      const end = start + count * (space === SPACE.userBuildId ? BUILD_ID_FRAME_LENGTH : ADDRESS_LENGTH);
      if (count > MAX_WIRE_FRAMES || end > view.byteLength) refuse();
      this.low.push(view.getUint32(at, true));
      this.high.push(view.getUint32(at + 4, true));
      this.spaces.push(space);
      this.payloads.push(payload);
      this.starts.push(start);
      this.counts.push(count);
      at = end;
    }
  }

  private insert(stack: number): void {
    const mask = this.slots.length - 1;
    let slot = hashOf(this.low[stack] ?? 0, this.high[stack] ?? 0, this.spaces[stack] ?? 0) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = stack + 1;
  }
}

/** The hash is a hash already. */
function hashOf(low: number, high: number, space: number): number {
  return (low ^ high ^ (space * 0x9e3779b1)) >>> 0;
}

function refuse(): never {
  raise('out-of-sync', "cannot use the loader's batch: a stack does not fit its message");
}
