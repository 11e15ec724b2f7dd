/** Typed arrays that grow by doubling, so that appending costs no allocation per element. */

/** `array`, or a copy with room for `length` elements: the next power-of-two multiple, but no more than `cap` if that is enough. */
export function withRoom(array: Uint32Array, length: number, cap?: number): Uint32Array;
export function withRoom(array: Float64Array, length: number, cap?: number): Float64Array;
export function withRoom(
  array: Uint32Array | Float64Array,
  length: number,
  cap = Number.POSITIVE_INFINITY,
): Uint32Array | Float64Array {
  if (length <= array.length) return array;
  let capacity = Math.max(array.length, 1);
  while (capacity < length) capacity *= 2;
  if (capacity > cap) capacity = Math.max(cap, length);
  if (array instanceof Float64Array) {
    const grown = new Float64Array(capacity);
    grown.set(array);
    return grown;
  }
  const grown = new Uint32Array(capacity);
  grown.set(array);
  return grown;
}
