/** Every format, alphabetical. */
import type { ExportFormat } from '../bridge/contract.ts';
import type { CollectedProfile } from './profile/collect-profile.ts';
import { folded } from './profile/folded.ts';
import { pprof } from './profile/pprof.ts';
import { speedscope } from './profile/speedscope.ts';
import { csv } from './rows/csv.ts';
import { json } from './rows/json.ts';
import type { TableKind, TableOptions, TableSource } from './rows/table-kind.ts';

interface ExporterBase {
  readonly format: ExportFormat;
  readonly title: string;
}

/** All pieces of a file are small enough to be interrupted between. */
export interface ProfileExporter extends ExporterBase {
  readonly of: 'profile';
  /** With its dot. */
  readonly extension: string;
  pieces(profile: CollectedProfile): Generator<string | Uint8Array, void, void>;
}

export interface TableExporter extends ExporterBase {
  readonly of: 'tables';
  extension(kind: TableKind): string;
  pieces(
    kind: TableKind,
    source: TableSource,
    options: Pick<TableOptions, 'table' | 'perWindow'>,
  ): AsyncGenerator<string, void, void>;
}

export type Exporter = ProfileExporter | TableExporter;

export const EXPORTERS: readonly Exporter[] = [csv, folded, json, pprof, speedscope];

export function findExporter(format: string): Exporter | null {
  return EXPORTERS.find((exporter) => exporter.format === format) ?? null;
}
