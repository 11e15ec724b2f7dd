/** Windows of system calls added up per process and call, and there per error. */
import type { WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { type CallCount, CallStats } from './call-stats.ts';
import { isWanted, type ProfileFilter } from '../filter.ts';
import type { Tables } from '../tables.ts';

/** A code has 32 bits, and no recording has 2^21 processes: together they are exact in a double. */
const CODES_PER_PROCESS = 2 ** 32;

export interface CallEntry {
  /** Id in the tables. */
  readonly process: number;
  /** Table and number of the call: protocol/syscalls. */
  readonly code: number;
  readonly stats: CallStats;
  /** By error number; success is not in it. */
  readonly errors: ReadonlyMap<number, CallStats>;
}

export class CallTable {
  private readonly byKey = new Map<number, CallEntry & { readonly errors: Map<number, CallStats> }>();

  get entries(): readonly CallEntry[] {
    return [...this.byKey.values()];
  }

  /** All rows of a window whose threads are wanted. Times are not looked at. */
  take(window: WindowSignal, tables: Tables, filter: ProfileFilter): void {
    const [threads, codes, errnos, buckets, calls, totals, longest] = window.columns as readonly ArrayLike<number>[];
    for (let row = 0; row < window.rows; row++) {
      const thread = tables.thread(threads?.[row] ?? 0);
      if (!isWanted(tables, thread, filter)) continue;
      this.add(tables.threads[thread]?.process ?? 0, codes?.[row] ?? 0, {
        errno: errnos?.[row] ?? 0,
        bucket: buckets?.[row] ?? 0,
        calls: calls?.[row] ?? 0,
        totalNs: totals?.[row] ?? 0,
        longestNs: longest?.[row] ?? 0,
      });
    }
  }

  private add(process: number, code: number, count: CallCount): void {
    const key = process * CODES_PER_PROCESS + code;
    let entry = this.byKey.get(key);
    if (!entry) {
      entry = { process, code, stats: new CallStats(), errors: new Map() };
      this.byKey.set(key, entry);
    }
    entry.stats.add(count);
    if (count.errno !== 0) statsOf(entry.errors, count.errno).add(count);
  }
}

/** Made where it is not there yet. */
export function statsOf<K>(all: Map<K, CallStats>, key: K): CallStats {
  let stats = all.get(key);
  if (!stats) {
    stats = new CallStats();
    all.set(key, stats);
  }
  return stats;
}
