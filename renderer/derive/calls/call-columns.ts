import type { CodeTable } from '../../../remote-agent/protocol/manifest.ts';
import type { Column, ProbeColumns, WindowAxis } from '../../store/model.ts';

/** What tables and pictures of system calls are made from, whichever probe it comes from. */
export interface CallColumns extends WindowAxis {
  readonly thread: Column;
  /** Code of protocol/syscalls. */
  readonly call: Column;
  /** 0 = success. */
  readonly errno: Column;
  /** Power of two of the latency in ns; UNKNOWN_BUCKET where it is not known. */
  readonly bucket: Column;
  readonly calls: Column;
  readonly totalNs: Column;
  readonly longestNs: Column;
}

const NOTHING = new Uint32Array(0);

/** The columns, found by what the probe's manifest says of them. */
export function callColumns({ manifest, columns, ...axis }: ProbeColumns): CallColumns {
  const first = (wanted: (spec: (typeof manifest.columns)[number]) => boolean) =>
    columns[manifest.columns.findIndex(wanted)] ?? NOTHING;
  const code = (table: CodeTable) => first((spec) => spec.table === table);
  return {
    ...axis,
    thread: first(({ type }) => type === 'thread'),
    call: code('syscall'),
    errno: code('errno'),
    bucket: code('log2-ns'),
    calls: first(({ name }) => name === manifest.display.weight),
    totalNs: first(({ type, role }) => type === 'ns' && role === 'sum'),
    longestNs: first(({ type, role }) => type === 'ns' && role === 'max'),
  };
}
