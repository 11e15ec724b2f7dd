import type { Column, ProbeColumns, WindowAxis } from '../../store/model.ts';

/** Single system calls: a row for each that returned, and one in every window for each that has not. */
export interface EventColumns extends WindowAxis {
  readonly thread: Column;
  /** Code of protocol/syscalls. */
  readonly call: Column;
  /** Device CLOCK_MONOTONIC. */
  readonly begunNs: Column;
  /** 0 = it had not returned when the window ended. */
  readonly finished: Column;
  /** Until its return, or so far. */
  readonly durationNs: Column;
  /** 0 = none. */
  readonly errno: Column;
  /** 0 = none. */
  readonly stack: Column;
  /** Numbers of `blobs`, as the next three. */
  readonly result: Column;
  readonly args: Column;
  readonly path: Column;
  readonly file: Column;
  readonly blobs: readonly Uint8Array[];
}

const NOTHING = new Uint32Array(0);

/** The columns, found by what the probe's manifest says of them. */
export function eventColumns({ manifest, columns, ...rest }: ProbeColumns): EventColumns {
  const first = (wanted: (spec: (typeof manifest.columns)[number]) => boolean) =>
    columns[manifest.columns.findIndex(wanted)] ?? NOTHING;
  const named = (wanted: string) => first(({ name }) => name === wanted);
  return {
    ...rest,
    thread: first(({ type }) => type === 'thread'),
    call: first(({ table }) => table === 'syscall'),
    begunNs: first(({ type }) => type === 'time'),
    finished: named(manifest.display.weight),
    durationNs: first(({ type }) => type === 'ns'),
    errno: first(({ table }) => table === 'errno'),
    stack: first(({ type }) => type === 'stack'),
    file: first(({ type }) => type === 'file'),
    result: named('result'),
    args: named('args'),
    path: named('path'),
  };
}
