/** The ways that the Trace Event Format has of saying what happened: docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
export type TraceEvent = Readonly<Record<string, unknown>>;

const NS_PER_US = 1000;

/** Times in microseconds since the beginning of the recording, to the nanosecond. */
export class TraceClock {
  private readonly zeroNs: number;

  constructor(zeroNs: number) {
    this.zeroNs = zeroNs;
  }

  us(ns: number): number {
    return Math.round(ns - this.zeroNs) / NS_PER_US;
  }
}

export function processName(pid: number, name: string): TraceEvent {
  return { ph: 'M', name: 'process_name', pid, tid: 0, args: { name } };
}

export function threadName(pid: number, tid: number, name: string): TraceEvent {
  return { ph: 'M', name: 'thread_name', pid, tid, args: { name } };
}

export function counter(pid: number, name: string, us: number, args: Readonly<Record<string, number>>): TraceEvent {
  return { ph: 'C', name, pid, tid: 0, ts: us, args };
}

export function slice(
  cat: 'mark' | 'syscall',
  { pid, tid }: { readonly pid: number; readonly tid: number },
  name: string,
  us: number,
  durationUs: number,
  args: TraceEvent,
): TraceEvent {
  return { ph: 'X', cat, name, pid, tid, ts: us, dur: durationUs, args };
}

/** Over the whole height of the picture. */
export function moment(pid: number, name: string, us: number): TraceEvent {
  return { ph: 'i', s: 'g', name, pid, tid: 0, ts: us };
}
