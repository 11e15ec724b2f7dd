/** What an export can be. */

/** csv, json, jsonl and parquet hold tables, html and perfetto whatever was recorded, the others CPU profiles. */
export const EXPORT_FORMATS = [
  'csv',
  'firefox',
  'folded',
  'html',
  'json',
  'jsonl',
  'parquet',
  'perfetto',
  'png',
  'pprof',
  'speedscope',
  'svg',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Of tables: which windows they are made of, and how. slow has single calls. */
export type ExportTable = 'calls' | 'dns' | 'drops' | 'errors' | 'flows' | 'slow';
export interface ExportKind {
  readonly format: ExportFormat;
  /** null = the format's only one, or its usual one. */
  readonly table: ExportTable | null;
}
