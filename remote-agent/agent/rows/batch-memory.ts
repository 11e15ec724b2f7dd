/**
 * Where the messages of a batch lie, one batch after the other in the same place: half a megabyte that was made anew each
 * second would stay until the engine looks for what nobody uses, and that is late.
 */

const ALIGNMENT = 8;
const FIRST_BYTES = 64 << 10;
/** What a batch takes that is not extraordinary; memory for more is given back. */
const MOST_BYTES = 2 << 20;

export class BatchMemory {
  /** By the batch at hand. */
  used = 0;
  private block = new Uint8Array(0);
  /** In the block. */
  private end = 0;

  /** For the next batch: what was copied is no longer valid. */
  reuse(): void {
    if (this.block.length > MOST_BYTES) this.block = new Uint8Array(0);
    this.used = this.end = 0;
  }

  /** Aligned. */
  copy(payload: Uint8Array): Uint8Array {
    if (this.end + payload.length > this.block.length) this.grow(payload.length);
    const copied = this.block.subarray(this.end, this.end + payload.length);
    copied.set(payload);
    this.end += Math.ceil(payload.length / ALIGNMENT) * ALIGNMENT;
    this.used += payload.length;
    return copied;
  }

  /** What was copied so far stays where it is. */
  private grow(atLeast: number): void {
    this.block = new Uint8Array(Math.max(FIRST_BYTES, this.block.length * 2, atLeast));
    this.end = 0;
  }
}
