/** Gives pairs of u32 dense numbers in the order they are first seen. Open addressing in typed arrays: no allocation per pair. */
export class PairTable {
  count = 0;
  first: Uint32Array;
  second: Uint32Array;
  /** Number + 1 of the pair in each slot; 0 = free. */
  #slots: Int32Array;
  #mask: number;

  constructor(expected = 1024) {
    let capacity = 16;
    while (capacity < expected) capacity *= 2;
    this.first = new Uint32Array(capacity);
    this.second = new Uint32Array(capacity);
    // Twice the pairs: at most half full, so a search ends after one or two slots.
    this.#slots = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
  }

  intern(first: number, second: number): number {
    let slot = slotOf(first, second) & this.#mask;
    for (;;) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) break;
      if (this.first[number] === first && this.second[number] === second) return number;
      slot = (slot + 1) & this.#mask;
    }
    if (this.count === this.first.length) {
      this.#grow();
      return this.intern(first, second);
    }
    const number = this.count++;
    this.first[number] = first;
    this.second[number] = second;
    this.#slots[slot] = number + 1;
    return number;
  }

  #grow(): void {
    const capacity = this.first.length * 2;
    this.first = enlarged(this.first, capacity);
    this.second = enlarged(this.second, capacity);
    this.#slots = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = slotOf(this.first[number]!, this.second[number]!) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = number + 1;
    }
  }
}

/** Mixes both halves well: ids are dense, and a weak mix of dense numbers clusters. */
function slotOf(first: number, second: number): number {
  let mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

function enlarged(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
