/**
 * Gives dense ids, from 1, to (u32, number) pairs: frames are (module, offset), stack nodes (parent, frame). Remembers
 * which pairs have which id as long as they are in use, in bounded memory:
 *
 *      recent ── full ──▶ former ── recent is full again ──▶ forgotten
 *        ▲                  │
 *        ╰── looked up ─────╯
 *
 * A forgotten pair that comes again gets a new id; whoever knows the old one may go on using it. Open addressing over
 * typed arrays, 24 bytes per entry and no object, because a busy box makes hundreds of thousands.
 */
export class PairTable {
  /** Ids given so far. */
  count = 0;
  private readonly maxIds: number;
  private readonly capacity: number;
  private recent: Generation;
  private former: Generation | null = null;

  /** `capacity` (a power of two): pairs per generation, of which there are two. */
  constructor(maxIds: number, capacity: number) {
    this.maxIds = maxIds;
    this.capacity = capacity;
    this.recent = new Generation(Math.min(capacity, 1024));
  }

  get isFull(): boolean {
    return this.count >= this.maxIds;
  }

  /** 0 where the pair is not known. */
  find(first: number, second: number): number {
    const id = this.recent.find(first, second);
    if (id !== 0 || !this.former) return id;
    const old = this.former.find(first, second);
    if (old !== 0) this.remember(first, second, old);
    return old;
  }

  /** The pair must not be known, the table not full. */
  add(first: number, second: number): number {
    if (this.isFull) throw new Error('table is full');
    this.remember(first, second, ++this.count);
    return this.count;
  }

  private remember(first: number, second: number, id: number): void {
    if (this.recent.isFull) {
      if (this.recent.capacity < this.capacity) this.recent = this.recent.grown();
      else {
        this.former = this.recent;
        this.recent = new Generation(this.capacity);
      }
    }
    this.recent.insert(first, second, id);
  }
}

class Generation {
  readonly capacity: number;
  private readonly first: Uint32Array;
  private readonly second: Float64Array;
  private readonly ids: Uint32Array;
  /** Entry + 1 per slot, 0 = free. At most half full; its length is a power of two. */
  private readonly slots: Uint32Array;
  private count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.first = new Uint32Array(capacity);
    this.second = new Float64Array(capacity);
    this.ids = new Uint32Array(capacity);
    this.slots = new Uint32Array(capacity * 2);
  }

  get isFull(): boolean {
    return this.count === this.capacity;
  }

  find(first: number, second: number): number {
    const entry = this.slots[this.slotOf(first, second)] ?? 0;
    return entry === 0 ? 0 : (this.ids[entry - 1] ?? 0);
  }

  insert(first: number, second: number, id: number): void {
    const entry = this.count++;
    this.first[entry] = first;
    this.second[entry] = second;
    this.ids[entry] = id;
    this.slots[this.slotOf(first, second)] = entry + 1;
  }

  grown(): Generation {
    const next = new Generation(this.capacity * 2);
    for (let i = 0; i < this.count; i++) next.insert(this.first[i] ?? 0, this.second[i] ?? 0, this.ids[i] ?? 0);
    return next;
  }

  /** Where the pair is, or where it would go. */
  private slotOf(first: number, second: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash(first, second) & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.slots[slot] ?? 0) - 1;
      if (entry < 0 || (this.first[entry] === first && this.second[entry] === second)) return slot;
    }
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
