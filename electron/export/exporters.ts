/** Every format, alphabetical. */
import type { ExportFormat } from '../bridge/contract.ts';
import type { CallTableName } from './call-rows.ts';
import { callsCsv } from './calls-csv.ts';
import { callsJson } from './calls-json.ts';
import type { CallWindow, CollectedCalls } from './collect-calls.ts';
import type { CollectedProfile } from './collect-profile.ts';
import { folded } from './folded.ts';
import { pprof } from './pprof.ts';
import type { SlowExport } from './slow-export.ts';
import { speedscope } from './speedscope.ts';

interface ExporterBase {
  readonly format: ExportFormat;
  readonly title: string;
  /** With its dot. */
  readonly extension: string;
}

/** All pieces of a file are small enough to be interrupted between. */
export interface ProfileExporter extends ExporterBase {
  readonly of: 'profile';
  pieces(profile: CollectedProfile): Generator<string | Uint8Array, void, void>;
}

export interface CallsExporter extends ExporterBase {
  readonly of: 'calls';
  pieces(calls: CollectedCalls, table: CallTableName): Generator<string, void, void>;
  /** `whole` may be asked when the windows have come to their end. */
  windowPieces(
    windows: AsyncIterable<CallWindow>,
    table: CallTableName,
    whole: () => CollectedCalls,
  ): AsyncGenerator<string, void, void>;
  /** Single calls. */
  slowPieces(calls: SlowExport): AsyncGenerator<string, void, void>;
}

export type Exporter = ProfileExporter | CallsExporter;

export const EXPORTERS: readonly Exporter[] = [callsCsv, folded, callsJson, pprof, speedscope];

export function findExporter(format: string): Exporter | null {
  return EXPORTERS.find((exporter) => exporter.format === format) ?? null;
}
