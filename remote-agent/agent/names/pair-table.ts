/**
 * A set of (u32, number) pairs with dense ids from 1: frames are (module, offset), stack nodes (parent, frame).
 * Open addressing over typed arrays, 20 bytes per entry and no object, because a box makes 100,000s of them.
 */

/** Slots are at most half full; collisions are walked linearly. */
const FIRST_CAPACITY = 1024;

export class PairTable {
  count = 0;
  private readonly max: number;
  private first = new Uint32Array(FIRST_CAPACITY);
  private second = new Float64Array(FIRST_CAPACITY);
  /** id per slot, 0 = free. Its length is a power of two. */
  private slots = new Uint32Array(FIRST_CAPACITY * 2);

  constructor(max: number) {
    this.max = max;
  }

  get isFull(): boolean {
    return this.count >= this.max;
  }

  /** 0 where the pair is not known. */
  find(first: number, second: number): number {
    return this.slots[this.slotOf(first, second)] ?? 0;
  }

  /** The pair must not be known yet, the table not full. */
  add(first: number, second: number): number {
    if (this.isFull) throw new Error('table is full');
    if (this.count + 1 >= this.first.length) this.grow();
    const id = ++this.count;
    this.first[id] = first;
    this.second[id] = second;
    this.slots[this.slotOf(first, second)] = id;
    return id;
  }

  private slotOf(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(first, second) & mask;
    for (;;) {
      const id = this.slots[slot] ?? 0;
      if (id === 0 || (this.first[id] === first && this.second[id] === second)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const capacity = this.first.length * 2;
    const first = new Uint32Array(capacity);
    first.set(this.first);
    this.first = first;
    const second = new Float64Array(capacity);
    second.set(this.second);
    this.second = second;
    this.slots = new Uint32Array(capacity * 2);
    for (let id = 1; id <= this.count; id++) this.slots[this.slotOf(first[id] ?? 0, second[id] ?? 0)] = id;
  }
}

function hash(first: number, second: number): number {
  const low = second | 0;
  const high = (second / 2 ** 32) | 0;
  let mixed = Math.imul(first ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ low, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ high, 0x27d4eb2f);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
