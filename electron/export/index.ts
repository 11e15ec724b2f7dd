// Takes: a recording or Signals, a filter, a format, a place to write to.
// Gives: a file that other tools read, written whole or not at all; a summary in numbers and words; running totals.
// Never: leaves out what was lost, changes counts, overwrites a file before the new one is complete.
export { writeWhole } from './atomic-file.ts';
export { type CallGroup, groupCalls, type CallGrouping } from './calls/call-groups.ts';
export { CallCollector, type CollectedCalls } from './calls/collect-calls.ts';
export { type CollectedRecording, collectRecording } from './collect.ts';
export {
  collectSide,
  type Comparison,
  type ComparedSide,
  compareSides,
  diffFolded,
} from './compare/index.ts';
export type { Covered } from './coverage.ts';
export { EXPORTERS, type Exporter, findExporter } from './exporters.ts';
export { type ExportReport, exportRecording, type ExportRequest, usualTableOf } from './export-recording.ts';
export { EVERYTHING, type ProfileFilter, within } from './filter.ts';
export { type CollectedFlowGroups, FlowGroupCollector, type FlowGrouping } from './flows/flow-groups.ts';
export { remoteText } from './flows/flow-words.ts';
export { LiveCollector } from './live-collector.ts';
export { type CollectedProfile, ProfileCollector } from './profile/collect-profile.ts';
export { busiest, hottest } from './profile/profile-shares.ts';
export { EXPORT_TABLES, kindOf, TABLE_KINDS } from './rows/kinds.ts';
export { WINDOW_COLUMNS } from './rows/window-columns.ts';
export { overview, type OverviewOptions } from './summary/overview.ts';
export { type Summary, summarize } from './summary/summary.ts';
export { summaryText } from './summary/summary-text.ts';
export { bytesText, durationText, numberText } from './summary/summary-words.ts';
