/** What is on either side, by a key that means the same on both. */
export interface Pair<T> {
  readonly before: T | null;
  readonly after: T | null;
}

export function pairs<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): Pair<T>[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].map((key) => ({ before: before.get(key) ?? null, after: after.get(key) ?? null }));
}

/** Values with equal keys become one. */
export function keyed<T, V>(
  items: readonly T[],
  keyOf: (item: T) => string,
  make: (item: T) => V,
  add: (value: V, item: T) => void,
): Map<string, V> {
  const map = new Map<string, V>();
  for (const item of items) {
    const key = keyOf(item);
    let value = map.get(key);
    if (value === undefined) map.set(key, (value = make(item)));
    add(value, item);
  }
  return map;
}
