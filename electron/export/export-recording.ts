/** A recording into a file of another format. */
import { type Fault, raise } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat, ExportTable } from '../bridge/contract.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';
import { writeWhole } from './atomic-file.ts';
import type { Batches } from './batches.ts';
import { collect } from './collect.ts';
import { findExporter, type ProfileExporter, type TableExporter } from './exporters.ts';
import type { ProfileFilter } from './filter.ts';
import { checkHolds, usualTable } from './held-probes.ts';
import { PROFILE_PROBE, ProfileCollector } from './profile/collect-profile.ts';
import { kindOf } from './rows/kinds.ts';

export interface ExportRequest {
  readonly recording: string;
  readonly format: ExportFormat;
  /** Replaced if it exists. A function takes the pieces instead, and resolves when it is ready for the next. */
  readonly file: string | ((piece: string | Uint8Array) => Promise<void>);
  readonly filter: ProfileFilter;
  /** Of csv; a json holds all tables of its probe. null or left out: `usualTableOf`. */
  readonly table?: ExportTable | null;
  /** Of tables: the rows of every window instead of those of the range. */
  readonly perWindow?: boolean;
  /** Of flows: also the connection that Sonde itself talks over. */
  readonly includeOwn?: boolean;
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
/** `counts` is right when the pieces have come to their end. */
interface Work {
  readonly pieces: Iterable<Piece> | AsyncIterable<Piece>;
  readonly counts: Readonly<Record<string, number>>;
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
    const batches = (): Batches => withProgress(reader, request.onProgress);
    const { pieces, counts } =
      exporter.of === 'profile'
        ? await profileWork(exporter, batches, request)
        : await tableWork(exporter, batches, request);
    const bytes = typeof file === 'string' ? await writeWhole(file, pieces, stop) : await pour(pieces, file, stop);
    return { bytes, counts, warning: reader.warning };
  } finally {
    await reader.close();
  }
}

async function profileWork(exporter: ProfileExporter, batches: () => Batches, request: ExportRequest): Promise<Work> {
  const { filter, stop } = request;
  await checkHolds(batches(), PROFILE_PROBE, exporter.format, stop);
  const profile = await collect(batches(), request, (about) => new ProfileCollector(about, filter));
  const { entries } = profile;
  const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  return { pieces: exporter.pieces(profile), counts: { samples, stacks: entries.length } };
}

async function tableWork(exporter: TableExporter, batches: () => Batches, request: ExportRequest): Promise<Work> {
  const { filter, stop, perWindow = false, includeOwn = false } = request;
  const table = request.table ?? (await usualTable(batches(), stop));
  const kind = kindOf(table);
  if (perWindow && !kind.hasWindows)
    raise('bad-option', `cannot export: the rows of the table ${table} are of no window`, 'Leave --per-window out.');
  await checkHolds(batches(), kind.probe, exporter.format, stop);
  const options = { filter, stop, table, perWindow, includeOwn };
  const source = await kind.open(batches, options);
  return { pieces: exporter.pieces(kind, source, options), counts: source.counts };
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
