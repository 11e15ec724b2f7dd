/** A run of rows as 32-bit words, which cost less to read than a DataView. Devices are little endian, as the wire is. */
import { raise } from '../../protocol/index.ts';

const TWO_32 = 2 ** 32;
/** Upper half of 2^53: what a double holds exactly. */
const MAX_HIGH = 2 ** 21 - 1;

export class RowRun {
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;

  /** `payload` is aligned, as a Batch keeps it. */
  constructor(payload: Uint8Array, rowSize: number) {
    if (payload.length % rowSize !== 0) raise('out-of-sync', `cannot use the loader's rows: ${payload.length} bytes`);
    this.bytes = payload;
    this.words = new Uint32Array(payload.buffer, payload.byteOffset, payload.length / 4);
  }

  /** A count or a time: what is more than 2^53 was not counted. */
  u64(word: number): number {
    const high = this.words[word + 1] as number;
    if (high > MAX_HIGH) raise('out-of-sync', `cannot use the loader's rows: a number of ${high} × 2^32`);
    return high * TWO_32 + (this.words[word] as number);
  }

  /** A point in time, to 2 ns where the device has been up for more than 104 days. */
  time(word: number): number {
    return (this.words[word + 1] as number) * TWO_32 + (this.words[word] as number);
  }

  /** A copy, without the zeros at its end; of a text what is in front of its first zero. */
  trimmed(byte: number, size: number, isText: boolean): Uint8Array {
    const zero = isText ? this.bytes.indexOf(0, byte) : -1;
    let end = zero >= 0 && zero < byte + size ? zero : byte + size;
    while (end > byte && this.bytes[end - 1] === 0) end--;
    return this.bytes.slice(byte, end);
  }

  /** An id, of which every bit counts. */
  id(word: number): bigint {
    return (BigInt(this.words[word + 1] as number) << 32n) | BigInt(this.words[word] as number);
  }

  isZero(word: number): boolean {
    return this.words[word] === 0 && this.words[word + 1] === 0;
  }

  /** Latin-1, up to the NUL. */
  text(byte: number, length: number): string {
    const bytes = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + byte, length);
    const end = bytes.indexOf(0);
    return bytes.toString('latin1', 0, end < 0 ? length : end);
  }
}
