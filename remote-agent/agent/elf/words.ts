/** Bytes as 32-bit words in the byte order of the file they came from. */
import { endianness } from 'node:os';

const IS_HOST_LITTLE = endianness() === 'LE';

/** A view where that is possible, else a copy. Bytes behind the last whole word are left out. */
export function wordsOf(bytes: Uint8Array, isLittle: boolean): Uint32Array {
  const length = bytes.length >>> 2;
  const isUsable = bytes.byteOffset % 4 === 0 && isLittle === IS_HOST_LITTLE;
  if (isUsable) return new Uint32Array(bytes.buffer, bytes.byteOffset, length);
  const copy = new Uint8Array(length * 4);
  copy.set(bytes.subarray(0, copy.length));
  if (isLittle !== IS_HOST_LITTLE) Buffer.from(copy.buffer).swap32();
  return new Uint32Array(copy.buffer);
}
