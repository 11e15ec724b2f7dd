import type { MonotonicNs } from '../../../remote-agent/protocol/signal.ts';
import type { WindowAxis } from '../../store/model.ts';
import type { WindowSpan } from '../tally.ts';

/**
 * Neighbouring windows put together so that no more than a wanted number of columns remains. Columns are made of whole
 * windows, never of parts: what a column says was counted between its edges, not estimated.
 */
export interface TimeColumns {
  readonly count: number;
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
  /** Seconds that windows cover: gaps between them do not count. */
  readonly seconds: Float64Array;
  /** First window of each column; of the one behind the last: where the span ends. */
  readonly windows: Uint32Array;
}

/** How many windows make a column: numbers that a sliding range seldom changes. */
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/** Windows farther apart are not one column: a time in which nobody looked must stay a gap. */
const GAP_NS: MonotonicNs = 0.5e9;

/** Columns begin at multiples of their size, counted from the first window of all, so that a sliding picture stands still. */
export function timeColumns(axis: WindowAxis, { first, end }: WindowSpan, most: number): TimeColumns {
  const size = SIZES.find((each) => (end - first) / each <= most) ?? Math.ceil((end - first) / most);
  const starts: number[] = [];
  for (let window = first; window < end; window++) {
    const isNew = window === first || (window + axis.windowsForgotten) % size === 0 || followsGap(axis, window);
    if (isNew) starts.push(window);
  }
  const columns: TimeColumns = {
    count: starts.length,
    fromNs: Float64Array.from(starts, (window) => axis.windowFromNs[window]!),
    toNs: new Float64Array(starts.length),
    seconds: new Float64Array(starts.length),
    windows: Uint32Array.of(...starts, end),
  };
  for (let column = 0; column < columns.count; column++) {
    let ns = 0;
    for (let window = columns.windows[column]!; window < columns.windows[column + 1]!; window++)
      ns += axis.windowToNs[window]! - axis.windowFromNs[window]!;
    columns.seconds[column] = ns / 1e9;
    columns.toNs[column] = axis.windowToNs[columns.windows[column + 1]! - 1]!;
  }
  return columns;
}

function followsGap(axis: WindowAxis, window: number): boolean {
  return axis.windowFromNs[window]! - axis.windowToNs[window - 1]! > GAP_NS;
}
