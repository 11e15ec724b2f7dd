import type { Counters } from './signal.ts';

/** What happened in both. Causes of loss stand in the order in which they first came. */
export function addCounts(a: Counters, b: Counters): Counters {
  const lost = new Map(a.lost.map(({ cause, count }) => [cause, count]));
  for (const { cause, count } of b.lost) lost.set(cause, (lost.get(cause) ?? 0) + count);
  return {
    seen: a.seen + b.seen,
    kept: a.kept + b.kept,
    idle: a.idle + b.idle,
    filtered: a.filtered + b.filtered,
    lost: [...lost].map(([cause, count]) => ({ cause, count })),
    incompleteStacks: a.incompleteStacks + b.incompleteStacks,
  };
}
