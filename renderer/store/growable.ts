/** Typed arrays that grow by doubling, so that appending costs no allocation per element. */

/** `array`, or a copy with room for `length` elements: the next power-of-two multiple, but no more than `cap` if that is enough. */
export function withRoom<Array extends Uint32Array | Float64Array>(
  array: Array,
  length: number,
  cap = Number.POSITIVE_INFINITY,
): Array {
  if (length <= array.length) return array;
  let capacity = Math.max(array.length, 1);
  while (capacity < length) capacity *= 2;
  if (capacity > cap) capacity = Math.max(cap, length);
  const grown = new (array.constructor as new (length: number) => Array)(capacity);
  grown.set(array);
  return grown;
}
