/** Typed arrays that grow by a quarter: appending costs no allocation per element, and little lies idle. */
import type { Column } from './model.ts';

const GROWTH = 1.25;

/** `array`, or a copy with room for `length` elements: a quarter more than now, but no more than `cap` if that is enough. */
export function withRoom<Array extends Column>(array: Array, length: number, cap = Number.POSITIVE_INFINITY): Array {
  if (length <= array.length) return array;
  const wanted = Math.max(length, Math.ceil(array.length * GROWTH));
  const grown = new (array.constructor as new (length: number) => Array)(wanted > cap ? Math.max(cap, length) : wanted);
  grown.set(array);
  return grown;
}
