/** Which part of a recording. */
import type { MonotonicNs, ProcessDef, ThreadDef, WindowSignal } from '../../remote-agent/protocol/index.ts';

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

export function isWanted(thread: ThreadDef, process: ProcessDef | undefined, filter: ProfileFilter): boolean {
  return (filter.tid === null || thread.tid === filter.tid) && (filter.pid === null || process?.pid === filter.pid);
}
