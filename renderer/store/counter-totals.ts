import type { Counters } from '../../remote-agent/protocol/signal.ts';

/** Counters of all windows of the session, also of those that were forgotten. */
export class CounterTotals {
  #sum: Counters = { seen: 0, kept: 0, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };

  add(counters: Counters): void {
    this.#sum = addCounters(this.#sum, counters);
  }

  published(): Counters {
    return this.#sum;
  }
}

export function addCounters(a: Counters, b: Counters): Counters {
  return {
    seen: a.seen + b.seen,
    kept: a.kept + b.kept,
    idle: a.idle + b.idle,
    filtered: a.filtered + b.filtered,
    lost: b.lost.length === 0 ? a.lost : addLosses(a.lost, b.lost),
    incompleteStacks: a.incompleteStacks + b.incompleteStacks,
  };
}

export function lostCount(counters: Counters): number {
  let lost = 0;
  for (const { count } of counters.lost) lost += count;
  return lost;
}

function addLosses(a: Counters['lost'], b: Counters['lost']): Counters['lost'] {
  const byCause = new Map(a.map(({ cause, count }) => [cause, count]));
  for (const { cause, count } of b) byCause.set(cause, (byCause.get(cause) ?? 0) + count);
  return [...byCause].map(([cause, count]) => ({ cause, count }));
}
