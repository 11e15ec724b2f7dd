/** A recording into a file of another format. */
import { type Fault, findProbe, raise } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat } from '../bridge/contract.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';
import { writeWhole } from './atomic-file.ts';
import type { Batches, CollectOptions } from './batches.ts';
import { CALL_TABLES, type CallTableName, errorRows } from './call-rows.ts';
import { CALLS_PROBE, callWindows, type CallWindow, type CollectedCalls } from './collect-calls.ts';
import { PROFILE_PROBE } from './collect-profile.ts';
import { collectRecording } from './collect.ts';
import { type CallsExporter, type Exporter, EXPORTERS, findExporter, type ProfileExporter } from './exporters.ts';
import type { ProfileFilter } from './filter.ts';
import { SLOW_CALLS_PROBE } from './slow-calls.ts';
import { slowExport } from './slow-export.ts';

/** Tables of system calls; `slow` has single calls. */
export const EXPORT_TABLES = [...CALL_TABLES, 'slow'] as const;
export type ExportTable = (typeof EXPORT_TABLES)[number];

export interface ExportRequest {
  readonly recording: string;
  readonly format: ExportFormat;
  /** Replaced if it exists. A function takes the pieces instead, and resolves when it is ready for the next. */
  readonly file: string | ((piece: string | Uint8Array) => Promise<void>);
  readonly filter: ProfileFilter;
  /** Of formats for system calls: which table a csv holds; slow instead of all others in a json. Default calls. */
  readonly table?: ExportTable;
  /** Of system calls: the tables of every window instead of those of the range. */
  readonly perWindow?: boolean;
  readonly stop?: AbortSignal;
  /** 0..1, now and then. */
  readonly onProgress?: (progress: number) => void;
}

export interface ExportReport {
  readonly bytes: number;
  /** What is in the file: samples and stacks, or calls and rows. */
  readonly counts: Readonly<Record<string, number>>;
  /** What of the recording could not be read. */
  readonly warning: Fault | null;
}

type Piece = string | Uint8Array;
type Counts = Record<string, number>;
/** `counts` is right when the pieces have come to their end. */
interface Work {
  readonly pieces: Iterable<Piece> | AsyncIterable<Piece>;
  readonly counts: Counts;
}

/** Raises `bad-option`, `file-io`, `bad-recording`, or `cancelled` when stopped; a file that was begun is then gone. */
export async function exportRecording(request: ExportRequest): Promise<ExportReport> {
  try {
    return await run(request);
  } catch (error) {
    if (request.stop?.aborted && error === request.stop.reason)
      raise('cancelled', `the export of ${request.recording} was stopped`);
    throw error;
  }
}

async function run(request: ExportRequest): Promise<ExportReport> {
  const { recording, format, file, stop } = request;
  const exporter = findExporter(format) ?? raise('bad-option', `cannot export: no format is called ${format}`);
  const reader = await openRecording(recording);
  try {
    const { pieces, counts } = await workOf(exporter, () => withProgress(reader, request.onProgress), request);
    const bytes = typeof file === 'string' ? await writeWhole(file, pieces, stop) : await pour(pieces, file, stop);
    return { bytes, counts, warning: reader.warning };
  } finally {
    await reader.close();
  }
}

function workOf(exporter: Exporter, batches: () => Batches, request: ExportRequest): Promise<Work> {
  if (exporter.of === 'profile') return profileWork(exporter, batches(), request);
  if (request.table === 'slow') return slowWork(exporter, batches, request);
  return request.perWindow ? windowWork(exporter, batches(), request) : callsWork(exporter, batches(), request);
}

async function profileWork(exporter: ProfileExporter, batches: Batches, options: CollectOptions): Promise<Work> {
  const { profile, probes } = await collectRecording(batches, options);
  checkProbe(exporter.format, PROFILE_PROBE, probes);
  const { entries } = profile;
  const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  return { pieces: exporter.pieces(profile), counts: { samples, stacks: entries.length } };
}

async function callsWork(exporter: CallsExporter, batches: Batches, request: ExportRequest): Promise<Work> {
  const { calls, probes } = await collectRecording(batches, request);
  checkProbe(exporter.format, CALLS_PROBE, probes);
  const table = tableOf(request);
  const counts = { calls: 0, rows: 0 };
  count(calls, table, counts);
  return { pieces: exporter.pieces(calls, table), counts };
}

async function windowWork(exporter: CallsExporter, batches: Batches, request: ExportRequest): Promise<Work> {
  const table = tableOf(request);
  const windows = callWindows(batches, request);
  // Nothing may be written before it is known that there is something of this probe.
  let next = await windows.next();
  if (next.done) checkProbe(exporter.format, CALLS_PROBE, next.value.probes);
  const counts = { calls: 0, rows: 0 };
  async function* counted(): AsyncGenerator<CallWindow, void, void> {
    for (; !next.done; next = await windows.next()) {
      count(next.value, table, counts);
      yield next.value;
    }
  }
  const whole = (): CollectedCalls => {
    if (!next.done) throw new Error('asked for the whole before its end');
    return next.value.whole;
  };
  return { pieces: exporter.windowPieces(counted(), table, whole), counts };
}

async function slowWork(exporter: CallsExporter, batches: () => Batches, request: ExportRequest): Promise<Work> {
  const counts = { calls: 0 };
  const calls = await slowExport(batches, request, (more) => (counts.calls += more));
  checkProbe(exporter.format, SLOW_CALLS_PROBE, calls.probes);
  return { pieces: exporter.slowPieces(calls), counts };
}

function tableOf({ table }: ExportRequest): CallTableName {
  return CALL_TABLES.find((name) => name === table) ?? 'calls';
}

function count(
  { entries, tables }: Pick<CallWindow, 'entries' | 'tables'>,
  table: CallTableName,
  counts: Counts,
): void {
  for (const { stats } of entries) counts['calls'] = (counts['calls'] ?? 0) + stats.calls;
  const rows = table === 'calls' ? entries.length : errorRows(entries, tables).length;
  counts['rows'] = (counts['rows'] ?? 0) + rows;
}

/** A recording of something else must not become an empty file. One without any windows is merely short. */
function checkProbe(format: ExportFormat, wanted: string, probes: ReadonlySet<string>): void {
  if (probes.has(wanted) || probes.size === 0) return;
  const title = (probe: string): string => findProbe(probe)?.title ?? probe;
  const fitting = [...probes].flatMap((probe) => WAYS[probe] ?? []);
  const instead = fitting.length > 0 ? `, for which there is ${fitting.join(' and ')}` : '';
  raise(
    'bad-option',
    `cannot export as ${format}: the recording holds nothing of ${title(wanted)}`,
    `It holds ${[...probes].map(title).join(' and ')}${instead}. What is to be exported must be recorded: choose the probe ${wanted}.`,
  );
}

/** How a probe's windows are exported. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  [CALLS_PROBE]: formatsOf('calls'),
  [PROFILE_PROBE]: formatsOf('profile'),
  [SLOW_CALLS_PROBE]: ['csv with the table slow', 'json with the table slow'],
};

function formatsOf(of: Exporter['of']): string[] {
  return EXPORTERS.filter((exporter) => exporter.of === of).map(({ format }) => format);
}

async function* withProgress(
  reader: RecordingReader,
  onProgress: ((progress: number) => void) | undefined,
): ReturnType<RecordingReader['batches']> {
  for await (const batch of reader.batches()) {
    onProgress?.(reader.progress);
    yield batch;
  }
}

async function pour(
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
  take: (piece: Piece) => Promise<void>,
  stop: AbortSignal | undefined,
): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) {
    stop?.throwIfAborted();
    await take(piece);
    bytes += Buffer.byteLength(piece);
  }
  return bytes;
}
