/** Besides its bytes: the object, its key and its place in the map. */
const OVERHEAD_BYTES = 100;

/** Each different value of the blob columns once, by number; 0 is the empty one. Paths repeat, and a number costs four bytes. */
export class BlobPool {
  /** Only grows: whoever holds it may go on reading. */
  readonly values: Uint8Array[] = [new Uint8Array(0)];
  /** What they take of memory, roughly. */
  bytes = 0;
  readonly #numbers = new Map<string, number>([['', 0]]);

  intern(value: Uint8Array): number {
    const key = latin1(value);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.#numbers.set(key, number);
      this.bytes += 2 * value.length + OVERHEAD_BYTES;
    }
    return number;
  }
}

/** A character for each byte: equal for equal bytes only, whatever they mean. A blob is short enough for one call. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
