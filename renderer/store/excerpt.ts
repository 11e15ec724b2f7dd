import type { Column, ProbeColumns } from './model.ts';
import type { RangeNs } from './range.ts';
import { windowsWithin } from './range.ts';

/** Windows first … end − 1. */
interface Span {
  readonly first: number;
  readonly end: number;
}

interface Made {
  /** Says which windows of which data it was made of. */
  readonly of: string;
  readonly excerpt: ProbeColumns;
}

/** Above all rows a store ever had: 2^45 of them do not come in a lifetime. */
const FIRST_ROW_NUMBER = 2 ** 45;

/**
 * The windows of several ranges, as if there were no others: whatever can walk all windows of a probe then shows several
 * ranges as well. A window that reaches into two ranges is there once.
 *
 * The same ranges of the same windows give the same object, also while new windows come in behind them. The rows of each
 * excerpt have numbers (rowsForgotten + row) that no other has, so that nobody takes one for the continuation of another.
 */
export class Excerpts {
  readonly #made = new Map<string, Made>();
  #nextRowNumber = FIRST_ROW_NUMBER;

  of(windows: ProbeColumns, ranges: readonly RangeNs[]): ProbeColumns {
    const spans = spansOf(windows, ranges);
    const { id } = windows.manifest;
    const key = `${spans.map((span) => keyOf(windows, span)).join(' ')} ${windows.forgottenBeforeNs}`;
    const known = this.#made.get(id);
    if (known?.of === key) return known.excerpt;
    const excerpt = cutOut(windows, spans, this.#nextRowNumber);
    this.#nextRowNumber += excerpt.rowCount + 1;
    this.#made.set(id, { of: key, excerpt });
    return excerpt;
  }
}

/** In order, without a window twice. */
function spansOf(windows: ProbeColumns, ranges: readonly RangeNs[]): readonly Span[] {
  let taken = 0;
  return ranges.flatMap((range) => {
    const { first, end } = windowsWithin(windows, range);
    const span = { first: Math.max(first, taken), end };
    taken = Math.max(taken, end);
    return span.end > span.first ? [span] : [];
  });
}

function keyOf({ windowFromNs, windowToNs, windowRow, rowsForgotten }: ProbeColumns, { first, end }: Span): string {
  return [
    windowFromNs[first],
    windowToNs[end - 1],
    windowRow[first]! + rowsForgotten,
    windowRow[end]! + rowsForgotten,
  ].join(':');
}

function cutOut(windows: ProbeColumns, spans: readonly Span[], rowsForgotten: number): ProbeColumns {
  const { windowRow } = windows;
  const rows = spans.map(({ first, end }) => ({ first: windowRow[first]!, end: windowRow[end]! }));
  const rowCount = lengthOf(rows);
  const windowCount = lengthOf(spans);
  return {
    ...windows,
    rowCount,
    columns: windows.columns.map((column) => joined(column, rows, rowCount)),
    windowCount,
    windowRow: rowBounds(windowRow, spans, windowCount),
    windowFromNs: joined(windows.windowFromNs, spans, windowCount),
    windowToNs: joined(windows.windowToNs, spans, windowCount),
    windowCounters: spans.flatMap(({ first, end }) => windows.windowCounters.slice(first, end)),
    rowsForgotten,
    windowsForgotten: 0,
  };
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { first, end }) => sum + end - first, 0);
}

function joined<Values extends Column>(values: Values, spans: readonly Span[], length: number): Values {
  const out = new (values.constructor as new (length: number) => Values)(length);
  let at = 0;
  for (const { first, end } of spans) {
    out.set(values.subarray(first, end), at);
    at += end - first;
  }
  return out;
}

function rowBounds(windowRow: Uint32Array, spans: readonly Span[], windowCount: number): Uint32Array {
  const bounds = new Uint32Array(windowCount + 1);
  let at = 0;
  for (const { first, end } of spans)
    for (let window = first; window < end; window++)
      bounds[++at] = bounds[at - 1]! + windowRow[window + 1]! - windowRow[window]!;
  return bounds;
}
