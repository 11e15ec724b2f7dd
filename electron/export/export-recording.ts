/** A recording into a file of another format. */
import { type Fault, raise } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat } from '../bridge/contract.ts';
import { openRecording } from '../recording/index.ts';
import { writeWhole } from './atomic-file.ts';
import { type CollectedProfile, collectProfile } from './collect.ts';
import { findExporter } from './exporters.ts';
import type { ProfileFilter } from './filter.ts';

export interface ExportRequest {
  readonly recording: string;
  readonly format: ExportFormat;
  /** Replaced if it exists. A function takes the pieces instead, and resolves when it is ready for the next. */
  readonly file: string | ((piece: string | Uint8Array) => Promise<void>);
  readonly filter: ProfileFilter;
  readonly stop?: AbortSignal;
  /** 0..1, now and then. */
  readonly onProgress?: (progress: number) => void;
}

export interface ExportReport {
  readonly bytes: number;
  readonly samples: number;
  readonly stacks: number;
  /** What of the recording could not be read. */
  readonly warning: Fault | null;
}

/** Raises `file-io`, `bad-recording`, or `cancelled` when stopped; a file that was begun is then gone. */
export async function exportRecording(request: ExportRequest): Promise<ExportReport> {
  try {
    return await run(request);
  } catch (error) {
    if (request.stop?.aborted && error === request.stop.reason)
      raise('cancelled', `the export of ${request.recording} was stopped`);
    throw error;
  }
}

async function run({ recording, format, file, filter, stop, onProgress }: ExportRequest): Promise<ExportReport> {
  const exporter = findExporter(format) ?? raise('bad-option', `cannot export: no format is called ${format}`);
  const reader = await openRecording(recording);
  let profile: CollectedProfile;
  try {
    profile = await collectProfile(withProgress(reader, onProgress), filter, stop);
  } finally {
    await reader.close();
  }
  const pieces = exporter.pieces(profile);
  const bytes = typeof file === 'string' ? await writeWhole(file, pieces, stop) : await pour(pieces, file, stop);
  const samples = profile.entries.reduce((sum, entry) => sum + entry.samples, 0);
  return { bytes, samples, stacks: profile.entries.length, warning: reader.warning };
}

async function* withProgress(
  reader: Awaited<ReturnType<typeof openRecording>>,
  onProgress: ((progress: number) => void) | undefined,
): ReturnType<typeof reader.batches> {
  for await (const batch of reader.batches()) {
    onProgress?.(reader.progress);
    yield batch;
  }
}

async function pour(
  pieces: Iterable<string | Uint8Array>,
  take: (piece: string | Uint8Array) => Promise<void>,
  stop: AbortSignal | undefined,
): Promise<number> {
  let bytes = 0;
  for (const piece of pieces) {
    stop?.throwIfAborted();
    await take(piece);
    bytes += Buffer.byteLength(piece);
  }
  return bytes;
}
