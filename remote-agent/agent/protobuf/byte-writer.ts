/** Bytes that grow: varints, lengths and texts one behind the other in one array, which is copied once at the end. */

const FIRST_BYTES = 256;
/** A varint of 64 bits. */
const MAX_VARINT_BYTES = 10;
const SEVEN_BITS = 128;

export class ByteWriter {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  finish(): Uint8Array {
    return new Uint8Array(this.bytes.subarray(0, this.length));
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.reserve(MAX_VARINT_BYTES);
    const { bytes } = this;
    let rest = value;
    while (rest >= SEVEN_BITS) {
      const low = rest % SEVEN_BITS;
      bytes[this.length++] = low + SEVEN_BITS;
      rest = (rest - low) / SEVEN_BITS;
    }
    bytes[this.length++] = rest;
  }

  /** 64 bits. */
  varint64(value: bigint): void {
    if (value <= Number.MAX_SAFE_INTEGER) return this.varint(Number(value));
    this.reserve(MAX_VARINT_BYTES);
    // 28 bits in four groups of seven; the 36 above them are not zero and fit a number.
    const low = Number(value & 0xfffffffn);
    for (let shift = 0; shift < 28; shift += 7) this.bytes[this.length++] = ((low >>> shift) & 0x7f) | SEVEN_BITS;
    this.varint(Number(value >> 28n));
  }

  /** With their length in front. */
  chunk(chunk: Uint8Array): void {
    this.varint(chunk.length);
    this.reserve(chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** UTF-8, with its length in front. */
  text(text: string): void {
    this.chunk(Buffer.from(text));
  }

  /** What `write` writes, with its length in front. Most lengths have one byte: for others it is moved once. */
  nested(write: () => void): void {
    const start = this.length + 1;
    this.reserve(1);
    this.length = start;
    write();
    const length = this.length - start;
    if (length >= SEVEN_BITS) this.makeRoom(start, length);
    const end = this.length;
    this.length = start - 1;
    this.varint(length);
    this.length = end;
  }

  private makeRoom(start: number, length: number): void {
    let extra = 0;
    for (let rest = length; rest >= SEVEN_BITS; rest = Math.floor(rest / SEVEN_BITS)) extra++;
    this.reserve(extra);
    this.bytes.copyWithin(start + extra, start, start + length);
    this.length += extra;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
