/** Every format, alphabetical. */
import type { ExportFormat } from '../bridge/contract.ts';
import type { CollectedProfile } from './collect.ts';
import { folded } from './folded.ts';
import { pprof } from './pprof.ts';
import { speedscope } from './speedscope.ts';

export interface Exporter {
  readonly format: ExportFormat;
  readonly title: string;
  /** With its dot. */
  readonly extension: string;
  /** The file, piece by piece; pieces are small enough to be interrupted between. */
  pieces(profile: CollectedProfile): Generator<string | Uint8Array, void, void>;
}

export const EXPORTERS: readonly Exporter[] = [folded, pprof, speedscope];

export function findExporter(format: string): Exporter | null {
  return EXPORTERS.find((exporter) => exporter.format === format) ?? null;
}
