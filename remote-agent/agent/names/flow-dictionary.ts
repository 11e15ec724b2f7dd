/**
 * Gives ids to flows. A flow is known by all bytes of its struct wire_flow; its id is given once and never again, and is
 * forgotten here soon after the flow has ended. A flow that never ends is remembered while there is room; the longest
 * silent go first, and one of them that speaks again gets a second id.
 *
 * Open addressing over typed arrays, no object for a flow: a thousand come and go in a second.
 */
import { FLOW_LENGTH, FlowRunWriter, MAX_FLOWS, MAX_FLOWS_AT_ONCE } from '../../protocol/index.ts';
import type { Dictionary } from './dictionary.ts';

const WORDS = FLOW_LENGTH / 4;
const FIRST_ENTRIES = 1024;
/**
 * 6 MB; as many as the largest kernel table holds. What one batch can bring and what waited before it are together no
 * more than MAX_FLOWS_AT_ONCE.
 */
const MAX_ENTRIES = 1 << 16;
/** Rows of an ended flow may still come: from another CPU's table, or from another probe. */
const LINGER_MS = 3000;

export class FlowDictionary {
  private readonly dictionary: Dictionary;
  private readonly writer = new FlowRunWriter();
  private readonly maxEntries: number;
  /** Ids given so far. */
  private count = 0;
  private capacity = FIRST_ENTRIES;
  private words = new Uint32Array(FIRST_ENTRIES * WORDS);
  private hashes = new Uint32Array(FIRST_ENTRIES);
  private ids = new Uint32Array(FIRST_ENTRIES);
  private seenMs = new Float64Array(FIRST_ENTRIES);
  /** When its end was seen; 0 = it has not ended. */
  private endedMs = new Float64Array(FIRST_ENTRIES);
  /** Entries that are free, as a stack. */
  private free = new Uint32Array(FIRST_ENTRIES);
  private freeCount = 0;
  /** Entry + 1 per slot, 0 = free. At most half full; its length is a power of two. */
  private slots = new Uint32Array(FIRST_ENTRIES * 2);
  /** Entries that ended, oldest first. */
  private ended: number[] = [];
  /** Told of each that is forgotten, and at which word its wire_flow begins. */
  onForget: (id: number, words: Uint32Array, at: number) => void = () => undefined;

  constructor(dictionary: Dictionary, maxEntries = MAX_ENTRIES) {
    this.dictionary = dictionary;
    this.maxEntries = maxEntries;
    this.freeFrom(0);
  }

  /** How many are remembered. */
  get size(): number {
    return this.capacity - this.freeCount;
  }

  /** `at`: word at which the wire_flow begins. 0 where it is new and cannot be taken. */
  idOf(words: Uint32Array, at: number, isEnd: boolean, nowMs: number): number {
    const hash = hashOf(words, at);
    const slot = this.slotOf(hash, words, at);
    let entry = (this.slots[slot] as number) - 1;
    if (entry < 0) entry = this.add(hash, slot, words, at, nowMs);
    if (entry < 0) return 0;
    this.seenMs[entry] = nowMs;
    if (isEnd && this.endedMs[entry] === 0) {
      this.endedMs[entry] = nowMs;
      this.ended.push(entry);
    }
    return this.ids[entry] as number;
  }

  /** After each batch. */
  forgetEnded(nowMs: number): void {
    let count = 0;
    while (count < this.ended.length && (this.endedMs[this.ended[count] as number] as number) + LINGER_MS <= nowMs)
      this.forget(this.ended[count++] as number);
    if (count > 0) this.ended = this.ended.slice(count);
  }

  /** The highest id given so far. */
  get lastId(): number {
    return this.count;
  }

  /** Those that are remembered, in no order. `at`: word at which the wire_flow begins. */
  forEach(visit: (id: number, words: Uint32Array, at: number) => void): void {
    for (const slot of this.slots) if (slot !== 0) visit(this.ids[slot - 1] as number, this.words, (slot - 1) * WORDS);
  }

  /** So many are new that no reader takes many more in one record. */
  get isTakeDue(): boolean {
    return this.writer.count >= MAX_FLOWS_AT_ONCE / 2;
  }

  /** A FlowRun of those that came since the last call, null where none did. */
  take(): Uint8Array | null {
    return this.writer.take();
  }

  /** Its entry, -1 where there is no room. */
  private add(hash: number, slot: number, words: Uint32Array, at: number, nowMs: number): number {
    if (this.dictionary.isFrozen || this.count >= MAX_FLOWS) return -1;
    const isFull = this.freeCount === 0;
    if (isFull && !this.makeRoom(nowMs)) return -1;
    const entry = this.free[--this.freeCount] as number;
    for (let i = 0; i < WORDS; i++) this.words[entry * WORDS + i] = words[at + i] as number;
    this.hashes[entry] = hash;
    this.ids[entry] = ++this.count;
    this.endedMs[entry] = 0;
    this.slots[isFull ? this.slotOf(hash, words, at) : slot] = entry + 1;
    this.writer.add(this.count, words, at);
    return entry;
  }

  /** Where the flow is, or where it would go. */
  private slotOf(hash: number, words: Uint32Array, at: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.slots[slot] as number) - 1;
      if (entry < 0 || (this.hashes[entry] === hash && this.equals(entry, words, at))) return slot;
    }
  }

  private equals(entry: number, words: Uint32Array, at: number): boolean {
    const own = entry * WORDS;
    for (let i = 0; i < WORDS; i++) if (this.words[own + i] !== words[at + i]) return false;
    return true;
  }

  private makeRoom(nowMs: number): boolean {
    if (this.capacity < this.maxEntries) this.grow();
    else this.forgetSilent(nowMs);
    return this.freeCount > 0;
  }

  /** Forgets the half that was silent longest, but nothing that the batch at hand has. */
  private forgetSilent(nowMs: number): void {
    const median = this.seenMs.slice().sort()[this.capacity >> 1] as number;
    const before = Math.min(median, nowMs - 1);
    const isForgotten = (entry: number) => (this.seenMs[entry] as number) <= before;
    this.ended = this.ended.filter((entry) => !isForgotten(entry));
    for (let entry = 0; entry < this.capacity; entry++) if (isForgotten(entry)) this.forget(entry);
  }

  /** Closes the gap that it leaves: whoever stands behind it because its own slot was taken moves up. */
  private forget(entry: number): void {
    this.onForget(this.ids[entry] as number, this.words, entry * WORDS);
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let gap = (hashes[entry] as number) & mask;
    while (slots[gap] !== entry + 1) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (hashes[(slots[slot] as number) - 1] as number) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] as number;
      gap = slot;
    }
    slots[gap] = 0;
    this.free[this.freeCount++] = entry;
  }

  private grow(): void {
    const from = this.capacity;
    this.capacity *= 2;
    this.words = copied(this.words, new Uint32Array(this.capacity * WORDS));
    this.hashes = copied(this.hashes, new Uint32Array(this.capacity));
    this.ids = copied(this.ids, new Uint32Array(this.capacity));
    this.seenMs = copied(this.seenMs, new Float64Array(this.capacity));
    this.endedMs = copied(this.endedMs, new Float64Array(this.capacity));
    this.free = new Uint32Array(this.capacity);
    this.freeFrom(from);
    this.slots = new Uint32Array(this.capacity * 2);
    const mask = this.slots.length - 1;
    for (let entry = 0; entry < from; entry++) {
      let slot = (this.hashes[entry] as number) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    }
  }

  /** Nothing else is free: the table was full. */
  private freeFrom(first: number): void {
    for (let entry = this.capacity - 1; entry >= first; entry--) this.free[this.freeCount++] = entry;
  }
}

function copied<Numbers extends Uint32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** Of what tells flows apart: cookie, when it was opened, the remote end, the ports. */
function hashOf(words: Uint32Array, at: number): number {
  let hash = Math.imul((words[at] as number) ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ (words[at + 2] as number), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ (words[at + 10] as number), 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 14) ^ (words[at + 13] as number), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ (words[at + 14] as number), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
