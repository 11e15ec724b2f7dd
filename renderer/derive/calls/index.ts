/**
 * Takes: the columns of a probe of calls (who, which call, which error, how long), tables, and what is selected of them.
 * Gives: rows, histograms, heat maps and errors: everything a picture of system calls is made from.
 * Never: draws, reads a clock, or estimates: what windows counted is added up, window by window.
 */
export type { Band } from './band.ts';
export { type CallColumns, callColumns } from './call-columns.ts';
export { type CallTable, callTable } from './call-table.ts';
export { type Calls, CallsMaker, type CallsRequest } from './calls-maker.ts';
export { CellIndex, type Cells } from './cell-index.ts';
export { type CellSums, sumCells } from './cell-sums.ts';
export { ErrorIds, type ErrorRow, errorRows } from './errors.ts';
export { GroupNames } from './group-names.ts';
export {
  CALL_GROUPINGS,
  callName,
  type CallGrouping,
  GroupIndex,
  groupProcess,
  type Groups,
  NO_GROUP,
} from './groups.ts';
export { type HeatMap, heatMap, RollingHeat } from './heat.ts';
export { type LatencyHistogram, latencyHistogram } from './histogram.ts';
export { pickCells } from './picked.ts';
export { RollingSums } from './rolling-sums.ts';
export { RollingSparks, sparkRates } from './spark.ts';
export { type TimeColumns, timeColumns } from './time-columns.ts';
