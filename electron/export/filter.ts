/** Which part of a recording. */
import type { MonotonicNs, WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { Tables } from './tables.ts';

/** null = all. */
export interface ProfileFilter {
  readonly fromNs: MonotonicNs | null;
  readonly toNs: MonotonicNs | null;
  readonly pid: number | null;
  readonly tid: number | null;
  /** Name of the process, whole. */
  readonly process: string | null;
  /** Name of the thread, whole. */
  readonly thread: string | null;
  /** Name or id of the container, or its beginning: ids are long. '' = the host. */
  readonly container: string | null;
}

export const EVERYTHING: ProfileFilter = {
  fromNs: null,
  toNs: null,
  pid: null,
  tid: null,
  process: null,
  thread: null,
  container: null,
};

/** Windows that overlap [fromNs, toNs), as in the views. */
export function inRange({ fromNs, toNs }: Pick<WindowSignal, 'fromNs' | 'toNs'>, filter: ProfileFilter): boolean {
  return (filter.toNs === null || fromNs < filter.toNs) && (filter.fromNs === null || toNs > filter.fromNs);
}

/** `thread`: its id in `tables`. */
export function isWanted(tables: Tables, thread: number, filter: ProfileFilter): boolean {
  const who = tables.threads[thread];
  if (filter.tid !== null && who?.tid !== filter.tid) return false;
  if (filter.thread !== null && who?.comm !== filter.thread) return false;
  const process = tables.processOf(thread);
  if (filter.pid !== null && process?.pid !== filter.pid) return false;
  if (filter.process !== null && process?.comm !== filter.process) return false;
  return filter.container === null || isIn(process?.container ?? '', filter.container);
}

/** What is not about a thread (interfaces, the kernel's own counters) is of no process that was asked for. */
export function asksForProcess(filter: ProfileFilter): boolean {
  const { pid, tid, process, thread, container } = filter;
  return [pid, tid, process, thread, container].some((wanted) => wanted !== null);
}

function isIn(container: string, wanted: string): boolean {
  return wanted === '' ? container === '' : container.startsWith(wanted);
}
