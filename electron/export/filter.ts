/** Which part of a recording. */
import type { MonotonicNs, WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { Tables } from './tables.ts';

/** null = all. */
export interface ProfileFilter {
  readonly fromNs: MonotonicNs | null;
  readonly toNs: MonotonicNs | null;
  readonly pid: number | null;
  readonly tid: number | null;
}

export const EVERYTHING: ProfileFilter = { fromNs: null, toNs: null, pid: null, tid: null };

/** Windows that overlap [fromNs, toNs), as in the views. */
export function inRange({ fromNs, toNs }: Pick<WindowSignal, 'fromNs' | 'toNs'>, filter: ProfileFilter): boolean {
  return (filter.toNs === null || fromNs < filter.toNs) && (filter.fromNs === null || toNs > filter.fromNs);
}

/** `thread`: its id in `tables`. */
export function isWanted(tables: Tables, thread: number, { tid, pid }: ProfileFilter): boolean {
  if (tid !== null && tables.threads[thread]?.tid !== tid) return false;
  return pid === null || tables.processOf(thread)?.pid === pid;
}
