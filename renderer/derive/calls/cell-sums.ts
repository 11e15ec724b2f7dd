import type { WindowSpan } from '../tally.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';

/** What the rows of some windows add up to, by cell. */
export interface CellSums {
  /** Of the cells there were at the time. */
  readonly count: number;
  readonly calls: Float64Array;
  readonly totalNs: Float64Array;
  readonly longestNs: Float64Array;
}

/** Walks all rows of the span. A span that moves on has RollingSums instead. */
export function sumCells(columns: CallColumns, cells: Cells, { first, end }: WindowSpan): CellSums {
  const [calls, totalNs, longestNs] = [0, 1, 2].map(() => new Float64Array(cells.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const from = columns.windowRow[first] ?? 0;
  const to = end > first ? columns.windowRow[end]! : from;
  for (let row = from; row < to; row++) {
    const cell = cells.ofRow[row]!;
    calls[cell] = calls[cell]! + columns.calls[row]!;
    totalNs[cell] = totalNs[cell]! + columns.totalNs[row]!;
    if (columns.longestNs[row]! > longestNs[cell]!) longestNs[cell] = columns.longestNs[row]!;
  }
  return { count: cells.count, calls, totalNs, longestNs };
}
