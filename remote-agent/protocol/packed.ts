/**
 * Packed repeated varints, as proto3 writes `repeated uint32` and `repeated uint64`, straight from and to typed arrays:
 * the agent writes thousands a second on small devices, and a bigint for each of them costs more than all the rest.
 */

/** 2^63 has 64 bits, seven to a byte; the times of a device that runs for years are beyond 2^53. */
export const MAX_PACKED_BYTES = 10;

/** Whole numbers from 0 to 2^63, as a double has them. Gives the position behind the last byte; `into` must have room. */
export function writePacked(values: ArrayLike<number>, count: number, into: Uint8Array, start: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    let value = values[i] as number;
    while (value >= 0x8000_0000) {
      const low = value & 0x7f; // of the low 32 bits, which `&` takes
      into[at++] = low | 0x80;
      value = (value - low) / 128;
    }
    while (value > 0x7f) {
      into[at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    into[at++] = value;
  }
  return at;
}

/** Gives how many were read; `into` must have room for one number per byte, or for as many as there are. */
export function readPacked(bytes: Uint8Array, into: Uint32Array | Float64Array): number {
  let count = 0;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      into[count++] = value;
      value = 0;
      scale = 1;
    }
  }
  return count;
}
