/** A window through the door: columns as long as promised and of the manifest's types, ids known, counters consistent. */
import { unpackColumn } from './columns.ts';
import type { DictionarySizes } from './decode-definitions.ts';
import { exactNumber, refuse, timeNs } from './doors.ts';
import type { Column, Counters, Window } from './generated/sonde_pb.ts';
import { UNKNOWN_BUCKET } from './latency.ts';
import { MAX_BLOB_LENGTH, MAX_ERRNO, MAX_LOSS_CAUSES, MAX_TIME_NS, MAX_WINDOW_ROWS, TEXT } from './limits.ts';
import type { ColumnSpec, ColumnType, ProbeManifest } from './manifest.ts';
import type { ColumnData, Counters as CountersData, WindowSignal } from './signal.ts';
import { safeText } from './text.ts';

/** Which field of the wire's Column a column type uses. */
export const COLUMN_FIELD = {
  thread: 'u32',
  cpu: 'u32',
  stack: 'u32',
  flow: 'u32',
  count32: 'u32',
  count64: 'u64',
  ns: 'u64',
  time: 'u64',
  bytes: 'u64',
  code: 'u32',
  blob: 'blob',
  file: 'blob',
} as const satisfies Record<ColumnType, keyof Column>;

export function decodeWindow(window: Window, manifest: ProbeManifest, sizes: DictionarySizes): WindowSignal {
  const decode = manifest.compact ? decodeCompact : decodeColumn;
  return windowOf(window, manifest, window.columns.length, (spec, i) =>
    decode(window.columns[i], spec, window.rows, sizes),
  );
}

/** All of a window but its columns, of which it has `columnCount`; `columnOf` gives those that the manifest knows. */
export function windowOf(
  window: Window,
  manifest: ProbeManifest,
  columnCount: number,
  columnOf: (spec: ColumnSpec, i: number) => ColumnData,
): WindowSignal {
  const fromNs = timeNs(window.fromNs, 'start of a window');
  const toNs = timeNs(window.toNs, 'end of a window');
  if (window.fromNs >= window.toNs) refuse(`a window of ${manifest.id} from ${window.fromNs} to ${window.toNs}`);
  if (window.rows > MAX_WINDOW_ROWS) refuse(`a window of ${window.rows} rows`);
  // A newer manifest may have added columns at the end; those are skipped. An older one may have had fewer.
  const present = manifest.columns.filter(({ isLate }, i) => !isLate || i < columnCount);
  if (columnCount < present.length) refuse(`a window of ${manifest.id} has ${columnCount} columns`);
  const columns = present.map(columnOf);
  if (!window.counters) refuse(`a window of ${manifest.id} has no counters`);
  return {
    kind: 'window',
    probe: manifest.id,
    fromNs,
    toNs,
    rows: window.rows,
    columns,
    counters: decodeCounters(window.counters),
    drains: Math.max(1, window.drains),
  };
}

function decodeColumn(column: Column | undefined, spec: ColumnSpec, rows: number, sizes: DictionarySizes): ColumnData {
  const field = COLUMN_FIELD[spec.type];
  const values = column?.[field] ?? [];
  if (values.length !== rows) refuse(`column ${spec.name} has ${values.length} values in ${rows} rows`);
  if (!column || field === 'u32') return ids(Uint32Array.from(column?.u32 ?? []), spec, sizes);
  if (field === 'u64') {
    const read = spec.type === 'time' ? timeNs : exactNumber;
    return Float64Array.from(column.u64, (value) => read(value, `a value of column ${spec.name}`));
  }
  return column.blob.map((blob) => {
    if (blob.length > MAX_BLOB_LENGTH) refuse(`a value of column ${spec.name} has ${blob.length} bytes`);
    return new Uint8Array(blob); // a view would drag its whole frame through structured clone, and a Buffer gives views only
  });
}

/** Blobs travel as in other windows. */
function decodeCompact(column: Column | undefined, spec: ColumnSpec, rows: number, sizes: DictionarySizes): ColumnData {
  const field = COLUMN_FIELD[spec.type];
  if (field === 'blob') return decodeColumn(column, spec, rows, sizes);
  const values = field === 'u32' ? new Uint32Array(rows) : new Float64Array(rows);
  if (!unpackColumn(column?.compact ?? new Uint8Array(0), spec, values))
    refuse(`column ${spec.name} does not hold ${rows} rows`);
  if (values instanceof Uint32Array) return ids(values, spec, sizes);
  const most = spec.type === 'time' ? Number(MAX_TIME_NS) : Number.MAX_SAFE_INTEGER;
  for (const value of values) if (value > most) refuse(`a value of column ${spec.name} is ${value}`);
  return values;
}

function ids(values: Uint32Array, spec: ColumnSpec, sizes: DictionarySizes): Uint32Array {
  const highest = highestId(spec, sizes);
  for (const value of values) if (value > highest) refuse(`${spec.name} ${value} of ${highest}`);
  return values;
}

export function highestId({ type, table }: ColumnSpec, sizes: DictionarySizes): number {
  if (type === 'thread') return sizes.threads;
  if (type === 'stack') return sizes.stacks;
  if (type === 'flow') return sizes.flows;
  if (table === 'errno') return MAX_ERRNO;
  if (table === 'log2-ns') return UNKNOWN_BUCKET;
  return 0xffff_ffff;
}

function decodeCounters(counters: Counters): CountersData {
  if (counters.lost.length > MAX_LOSS_CAUSES) refuse(`${counters.lost.length} causes of loss`);
  const lost = counters.lost.map(({ cause, count }) => ({
    cause: safeText(cause, TEXT.short),
    count: exactNumber(count, `lost ${cause}`),
  }));
  const accounted = counters.lost.reduce(
    (sum, { count }) => sum + count,
    counters.kept + counters.idle + counters.filtered,
  );
  if (accounted !== counters.seen) refuse(`${counters.seen} events were seen and ${accounted} accounted for`);
  return {
    seen: exactNumber(counters.seen, 'seen'),
    kept: exactNumber(counters.kept, 'kept'),
    idle: exactNumber(counters.idle, 'idle'),
    filtered: exactNumber(counters.filtered, 'filtered'),
    lost,
    incompleteStacks: exactNumber(counters.incompleteStacks, 'incomplete stacks'),
  };
}
