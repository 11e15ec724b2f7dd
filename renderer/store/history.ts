/** The newest `capacity` entries of something that comes about once a second. */
export class History<Entry> {
  readonly #capacity: number;
  #entries: Entry[] = [];
  #published: readonly Entry[] = [];
  #changed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#changed = true;
    // An eighth at once, so that the copy is not paid for every entry.
    if (this.#entries.length > this.#capacity * 1.125) this.#entries = this.#entries.slice(-this.#capacity);
  }

  /** The same array until something was added. */
  published(): readonly Entry[] {
    if (this.#changed) this.#published = this.#entries.slice(-this.#capacity);
    this.#changed = false;
    return this.#published;
  }
}
