/** Every format, alphabetical. */
import type { Mark } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat } from '../bridge/contract.ts';
import type { Batches, CollectOptions } from './batches.ts';
import { png } from './flame/png.ts';
import { svg } from './flame/svg.ts';
import type { CollectedProfile } from './profile/collect-profile.ts';
import { folded } from './profile/folded.ts';
import { pprof } from './profile/pprof.ts';
import { speedscope } from './profile/speedscope.ts';
import { html } from './report/html.ts';
import { csv } from './rows/csv.ts';
import { json } from './rows/json.ts';
import { jsonl } from './rows/jsonl.ts';
import { parquet } from './rows/parquet.ts';
import type { TableKind, TableOptions, TableSource } from './rows/table-kind.ts';
import { firefox } from './timeline/firefox.ts';
import { perfetto } from './timeline/perfetto.ts';

interface ExporterBase {
  readonly format: ExportFormat;
  readonly title: string;
  /** Not for a terminal. */
  readonly isBinary?: true;
}

export type Piece = string | Uint8Array;

/** `counts`: what is in the file; right when the pieces have come to their end. */
export interface ExportWork {
  readonly pieces: Iterable<Piece> | AsyncIterable<Piece>;
  readonly counts: Readonly<Record<string, number>>;
}

/** All pieces of a file are small enough to be interrupted between. */
export interface ProfileExporter extends ExporterBase {
  readonly of: 'profile';
  /** With its dot. */
  readonly extension: string;
  pieces(profile: CollectedProfile): Generator<Piece, void, void>;
}

export interface TableExporter extends ExporterBase {
  readonly of: 'tables';
  extension(kind: TableKind): string;
  pieces(
    kind: TableKind,
    source: TableSource,
    options: Pick<TableOptions, 'table' | 'perWindow'>,
  ): AsyncGenerator<Piece, void, void>;
}

/** Of more than one probe, or of the course of time. */
export interface RecordingExporter extends ExporterBase {
  readonly of: 'recording';
  readonly extension: string;
  /** The probe without whose windows there is nothing to write; null: whatever was recorded will do. */
  readonly needs: string | null;
  open(batches: () => Batches, options: RecordingOptions): Promise<ExportWork>;
}

export interface RecordingOptions extends CollectOptions {
  /** All of the recording. */
  readonly marks: readonly Mark[];
}

export type Exporter = ProfileExporter | RecordingExporter | TableExporter;

export const EXPORTERS: readonly Exporter[] = [
  csv,
  firefox,
  folded,
  html,
  json,
  jsonl,
  parquet,
  perfetto,
  png,
  pprof,
  speedscope,
  svg,
];

export function findExporter(format: string): Exporter | null {
  return EXPORTERS.find((exporter) => exporter.format === format) ?? null;
}
