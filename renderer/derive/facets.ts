import type { Tables } from '../store/model.ts';
import { containerOf, processOf } from './owners.ts';
import type { Tally } from './tally.ts';

/** Who was seen in a range, and how often: what there is to filter by. */
export interface Facets {
  readonly total: number;
  /** Weight by id of the tables. */
  readonly process: ReadonlyMap<number, number>;
  readonly thread: ReadonlyMap<number, number>;
  /** Weight by container name; '' = the host. */
  readonly container: ReadonlyMap<string, number>;
}

export function facetsOf(tally: Tally, tables: Tables): Facets {
  const thread = new Map<number, number>();
  for (let i = 0; i < tally.count; i++) {
    const weight = tally.weight[i]!;
    if (weight > 0) add(thread, tally.thread[i]!, weight);
  }
  return facetsOfThreads(thread, tally.total, tables);
}

/** `thread`: weight by id. */
export function facetsOfThreads(thread: ReadonlyMap<number, number>, total: number, tables: Tables): Facets {
  const process = new Map<number, number>();
  const container = new Map<string, number>();
  for (const [id, weight] of thread) {
    const owner = processOf(tables, id);
    add(process, owner, weight);
    add(container, containerOf(tables, owner), weight);
  }
  return { total, process, thread, container };
}

function add<Key>(weights: Map<Key, number>, key: Key, weight: number): void {
  weights.set(key, (weights.get(key) ?? 0) + weight);
}
