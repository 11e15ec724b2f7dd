/** The old order as far as it goes: rows must not run away from under the pointer. New ones come last. */
export function keepOrder(held: readonly number[], fresh: readonly number[]): number[] {
  const left = new Set(fresh);
  const kept = held.filter((id) => left.delete(id));
  return [...kept, ...fresh.filter((id) => left.has(id))];
}

/** Remembers the order that was shown last. Asked the same twice it answers the same. */
export class HeldOrder<Sorting> {
  #ids: readonly number[] = [];
  #sorting: Sorting | null = null;

  next(sorted: readonly number[], sorting: Sorting, isHeld: boolean): readonly number[] {
    this.#ids = isHeld && sorting === this.#sorting ? keepOrder(this.#ids, sorted) : sorted;
    this.#sorting = sorting;
    return this.#ids;
  }
}
