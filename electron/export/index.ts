// Takes: a recording or Signals, a filter, a format, a place to write to.
// Gives: a file that other tools read, written whole or not at all; a summary in numbers and words; running totals.
// Never: leaves out what was lost, changes counts, overwrites a file before the new one is complete.
export { type CallGroup, groupCalls, type Grouping, GROUPINGS } from './call-groups.ts';
export { CALL_COLUMNS, ERROR_COLUMNS } from './call-rows.ts';
export { WINDOW_COLUMNS } from './calls-csv.ts';
export { type CollectedRecording, collectRecording } from './collect.ts';
export type { CollectedCalls } from './collect-calls.ts';
export type { CollectedProfile } from './collect-profile.ts';
export { EXPORTERS, type Exporter, findExporter } from './exporters.ts';
export {
  EXPORT_TABLES,
  type ExportReport,
  exportRecording,
  type ExportRequest,
  type ExportTable,
} from './export-recording.ts';
export { EVERYTHING, type ProfileFilter } from './filter.ts';
export { LiveCollector } from './live-collector.ts';
export { SLOW_COLUMNS } from './slow-columns.ts';
export { type Summary, summarize } from './summary.ts';
export { summaryText } from './summary-text.ts';
export { durationText, numberText } from './summary-words.ts';
