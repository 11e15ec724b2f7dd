/** A recording into a file of another format. */
import { type Fault, type Mark, raise, type Signal } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat, ExportTable } from '../bridge/contract.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';
import { writeWhole } from './atomic-file.ts';
import type { Batches } from './batches.ts';
import { collect } from './collect.ts';
import {
  type Exporter,
  type ExportWork,
  findExporter,
  type Piece,
  type ProfileExporter,
  type RecordingExporter,
  type TableExporter,
} from './exporters.ts';
import { asksForProcess, type ProfileFilter } from './filter.ts';
import { checkHolds, usualTable } from './held-probes.ts';
import { PROFILE_PROBE, ProfileCollector } from './profile/collect-profile.ts';
import { kindOf } from './rows/kinds.ts';

export interface ExportStage {
  signals(batch: readonly Signal[]): readonly Signal[];
  marks(marks: readonly Mark[]): readonly Mark[];
}

export interface ExportRequest {
  readonly recording: string;
  readonly format: ExportFormat;
  /** Replaced if it exists. A function takes the pieces instead, and resolves when it is ready for the next. */
  readonly file: string | ((piece: string | Uint8Array) => Promise<void>);
  readonly filter: ProfileFilter;
  /** Of csv, jsonl and parquet; a json holds all tables of its probe. null or left out: `usualTableOf`. */
  readonly table?: ExportTable | null;
  /** Of tables: the rows of every window instead of those of the range. */
  readonly perWindow?: boolean;
  /** Of flows: also the connection that Sonde itself talks over. */
  readonly includeOwn?: boolean;
  /** What is done to all that is read before anything is made of it: redaction. */
  readonly stage?: ExportStage;
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

/** What there is, whatever the range; and what is asked for. */
interface Readings {
  readonly all: () => Batches;
  readonly wanted: () => Batches;
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

/** What a csv or json holds where nobody says: the first of EXPORT_TABLES that the recording has anything of. */
export async function usualTableOf(recording: string, stop?: AbortSignal): Promise<ExportTable> {
  const reader = await openRecording(recording);
  try {
    return await usualTable(reader.batches(), stop);
  } finally {
    await reader.close();
  }
}

async function run(request: ExportRequest): Promise<ExportReport> {
  const { recording, format, file, stop } = request;
  const exporter = findExporter(format) ?? raise('bad-option', `cannot export: no format is called ${format}`);
  const reader = await openRecording(recording);
  try {
    const batches = { all: () => reader.batches(), wanted: () => withProgress(reader, request) };
    const { pieces, counts } = await workOf(exporter, batches, request, reader);
    const bytes = typeof file === 'string' ? await writeWhole(file, pieces, stop) : await pour(pieces, file, stop);
    return { bytes, counts, warning: reader.warning };
  } finally {
    await reader.close();
  }
}

function workOf(
  exporter: Exporter,
  batches: Readings,
  request: ExportRequest,
  reader: RecordingReader,
): Promise<ExportWork> {
  switch (exporter.of) {
    case 'profile':
      return profileWork(exporter, batches, request);
    case 'recording':
      return recordingWork(exporter, batches, request, reader);
    case 'tables':
      return tableWork(exporter, batches, request);
  }
}

async function recordingWork(
  exporter: RecordingExporter,
  batches: Readings,
  request: ExportRequest,
  reader: RecordingReader,
): Promise<ExportWork> {
  const { filter, stop } = request;
  if (exporter.needs !== null) await checkHolds(batches.all(), exporter.needs, exporter.format, stop);
  const marks = await reader.marks();
  return exporter.open(batches.wanted, { filter, stop, marks: request.stage?.marks(marks) ?? marks });
}

async function profileWork(exporter: ProfileExporter, batches: Readings, request: ExportRequest): Promise<ExportWork> {
  const { filter, stop } = request;
  await checkHolds(batches.all(), PROFILE_PROBE, exporter.format, stop);
  const profile = await collect(batches.wanted(), request, (about) => new ProfileCollector(about, filter));
  const { entries } = profile;
  const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  return { pieces: exporter.pieces(profile), counts: { samples, stacks: entries.length } };
}

async function tableWork(exporter: TableExporter, batches: Readings, request: ExportRequest): Promise<ExportWork> {
  const { filter, stop, perWindow = false, includeOwn = false } = request;
  const table = request.table ?? (await usualTable(batches.all(), stop));
  const kind = kindOf(table);
  if (perWindow && !kind.hasWindows)
    raise('bad-option', `cannot export: the rows of the table ${table} are of no window`, 'Leave --per-window out.');
  if (kind.isOfDevice && asksForProcess(filter))
    raise('bad-option', `cannot export: the rows of the table ${table} are of no process`, 'Leave the process out.');
  await checkHolds(batches.all(), kind.probe, exporter.format, stop);
  const options = { filter, stop, table, perWindow, includeOwn };
  const source = await kind.open(batches.wanted, options);
  return { pieces: exporter.pieces(kind, source, options), counts: source.counts };
}

/** null = all. */
function rangeOf({ fromNs, toNs }: ProfileFilter): Parameters<RecordingReader['batches']>[0] {
  if (fromNs === null && toNs === null) return null;
  return { fromNs: fromNs ?? 0, toNs: toNs ?? Number.POSITIVE_INFINITY };
}

async function* withProgress(
  reader: RecordingReader,
  { filter, onProgress, stage }: Pick<ExportRequest, 'filter' | 'onProgress' | 'stage'>,
): ReturnType<RecordingReader['batches']> {
  for await (const batch of reader.batches(rangeOf(filter))) {
    onProgress?.(reader.progress);
    yield stage ? stage.signals(batch) : batch;
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
