// Takes: a recording or Signals, a filter, a format, a place to write to.
// Gives: a file that other tools read, written whole or not at all; a summary in numbers and words.
// Never: leaves out what was lost, changes counts, overwrites a file before the new one is complete.
export { type CollectedProfile, collectProfile } from './collect.ts';
export { EXPORTERS, type Exporter, findExporter } from './exporters.ts';
export { type ExportReport, exportRecording, type ExportRequest } from './export-recording.ts';
export { EVERYTHING, type ProfileFilter } from './filter.ts';
export { type Summary, summarize } from './summary.ts';
export { summaryText } from './summary-text.ts';
