/** Sorts by digits, which takes a tenth of the time that comparing takes: rows come by the hundred thousand. */
const BITS = 11;
const DIGITS = 1 << BITS;
const WORD_BITS = 32;

/** The numbers of `count` rows by their keys, of which the first counts most; equal rows as they came. Keys are whole. */
export function sortRows(count: number, keys: readonly (Uint32Array | Float64Array)[]): Uint32Array {
  let order = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  let spare = new Uint32Array(count);
  for (const key of keys.flatMap(words).toReversed()) {
    const most = highest(key);
    for (let shift = 0; shift < WORD_BITS && most >>> shift > 0; shift += BITS) {
      sortByDigit(order, spare, key, shift);
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Of numbers that need more than 32 bits the upper ones, and the lower ones. */
function words(key: Uint32Array | Float64Array): readonly Uint32Array[] {
  if (key instanceof Uint32Array) return [key];
  return [Uint32Array.from(key, (value) => value / 2 ** WORD_BITS), Uint32Array.from(key, (value) => value >>> 0)];
}

/** Stable. */
function sortByDigit(from: Uint32Array, into: Uint32Array, key: Uint32Array, shift: number): void {
  const next = new Uint32Array(DIGITS + 1);
  for (let row = 0; row < key.length; row++) next[(((key[row] as number) >>> shift) & (DIGITS - 1)) + 1]!++;
  for (let digit = 0; digit < DIGITS; digit++) next[digit + 1]! += next[digit] as number;
  for (let at = 0; at < from.length; at++) {
    const row = from[at] as number;
    into[next[((key[row] as number) >>> shift) & (DIGITS - 1)]!++] = row;
  }
}

function highest(values: Uint32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > most) most = values[i] as number;
  return most;
}
