/** Which part of a recording. */
import type { MonotonicNs, ProcessDef, Stretch, WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { Tables } from './tables.ts';

/** null = all. */
export interface ProfileFilter {
  readonly fromNs: MonotonicNs | null;
  readonly toNs: MonotonicNs | null;
  /** Of that only what is in one of these; none: all of it. */
  readonly ranges: readonly Stretch[];
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
  ranges: [],
  pid: null,
  tid: null,
  process: null,
  thread: null,
  container: null,
};

/** What is in one of the ranges; none: everything. */
export function within(ranges: readonly Stretch[]): ProfileFilter {
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last ? { ...EVERYTHING, fromNs: first.fromNs, toNs: last.toNs, ranges } : EVERYTHING;
}

/** Windows that overlap [fromNs, toNs), and one of the ranges, as in the views. */
export function inRange({ fromNs, toNs }: Pick<WindowSignal, 'fromNs' | 'toNs'>, filter: ProfileFilter): boolean {
  if (filter.toNs !== null && fromNs >= filter.toNs) return false;
  if (filter.fromNs !== null && toNs <= filter.fromNs) return false;
  return filter.ranges.length === 0 || filter.ranges.some((range) => fromNs < range.toNs && toNs > range.fromNs);
}

/** A moment, to the nanosecond. */
export function isAt(ns: MonotonicNs, filter: ProfileFilter): boolean {
  return inRange({ fromNs: ns, toNs: ns + 1 }, filter);
}

/** How much of it lies within what is asked for: windows lie apart where nobody asked for what is between. */
export function wantedNs({ fromNs, toNs }: Stretch, { ranges }: ProfileFilter): number {
  if (ranges.length === 0) return toNs - fromNs;
  const common = (range: Stretch): number => Math.min(range.toNs, toNs) - Math.max(range.fromNs, fromNs);
  return ranges.reduce((sum, range) => sum + Math.max(0, common(range)), 0);
}

/** `thread`: its id in `tables`. */
export function isWanted(tables: Tables, thread: number, filter: ProfileFilter): boolean {
  const who = tables.threads[thread];
  if (filter.tid !== null && who?.tid !== filter.tid) return false;
  if (filter.thread !== null && who?.comm !== filter.thread) return false;
  const process = tables.processOf(thread);
  if (filter.pid !== null && process?.pid !== filter.pid) return false;
  if (filter.process !== null && process?.comm !== filter.process) return false;
  return filter.container === null || isIn(process, filter.container);
}

/** What is not about a thread (interfaces, the kernel's own counters) is of no process that was asked for. */
export function asksForProcess(filter: ProfileFilter): boolean {
  const { pid, tid, process, thread, container } = filter;
  return [pid, tid, process, thread, container].some((wanted) => wanted !== null);
}

function isIn(process: ProcessDef | undefined, wanted: string): boolean {
  const { container = '', containerId = '' } = process ?? {};
  if (wanted === '') return container === '';
  return container.startsWith(wanted) || containerId.startsWith(wanted);
}
