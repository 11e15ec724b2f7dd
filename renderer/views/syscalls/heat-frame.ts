import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { HeatMap, TimeColumns } from '../../derive/calls/index.ts';
import type { RangeNs } from '../../store/index.ts';

/** Where things lie in the plot: time to the right, latency upwards. CSS pixels from its upper left corner. */
export interface HeatFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly range: RangeNs;
  /** Rows shown, both included. */
  readonly lowest: number;
  readonly highest: number;
}

/** A point of the map in its own terms; it stays where it is while the picture slides. */
export interface HeatPoint {
  readonly atNs: number;
  readonly bucket: number;
}

const FEWEST_ROWS = 8;

/** Rows to show. Even numbers, so that one fast call more does not move the picture. */
export function shownRows({ buckets }: HeatMap): { readonly lowest: number; readonly highest: number } {
  const from = buckets ? buckets.from - (buckets.from % 2) : 8;
  const to = buckets ? buckets.to | 1 : from;
  const lowest = Math.max(0, Math.min(from, LATENCY_BUCKETS - FEWEST_ROWS));
  return { lowest, highest: Math.min(LATENCY_BUCKETS - 1, Math.max(to, lowest + FEWEST_ROWS - 1)) };
}

export function xOf({ widthPx, range }: HeatFrame, ns: number): number {
  const at = ((ns - range.fromNs) / (range.toNs - range.fromNs)) * widthPx;
  return Math.min(widthPx, Math.max(0, at));
}

/** Upper edge of a row. */
export function topOf({ heightPx, lowest, highest }: HeatFrame, bucket: number): number {
  return heightPx - ((bucket + 1 - lowest) / (highest + 1 - lowest)) * heightPx;
}

export function pointAt({ widthPx, heightPx, range, lowest, highest }: HeatFrame, x: number, y: number): HeatPoint {
  const share = Math.min(1, Math.max(0, x / widthPx));
  const row = Math.floor((1 - y / heightPx) * (highest + 1 - lowest));
  return {
    atNs: range.fromNs + share * (range.toNs - range.fromNs),
    bucket: lowest + Math.min(highest - lowest, Math.max(0, row)),
  };
}

/** The column that lies there; -1 in a gap. */
export function columnAt(columns: TimeColumns, ns: number): number {
  for (let column = 0; column < columns.count; column++)
    if (ns >= columns.fromNs[column]! && ns < columns.toNs[column]!) return column;
  return ns === columns.toNs[columns.count - 1] ? columns.count - 1 : -1;
}

/** There is nothing else to say of the one than of the other. */
export function isSameCell(columns: TimeColumns, a: HeatPoint, b: HeatPoint): boolean {
  const column = columnAt(columns, a.atNs);
  return a.bucket === b.bucket && column >= 0 && column === columnAt(columns, b.atNs);
}

/** Everything between two corners, widened to whole columns: what was counted together is chosen together. */
export interface HeatBox {
  readonly range: RangeNs;
  readonly from: number;
  readonly to: number;
}

export function boxBetween(columns: TimeColumns, a: HeatPoint, b: HeatPoint): HeatBox {
  const [earlier, later] = a.atNs <= b.atNs ? [a, b] : [b, a];
  const [first, last] = [columnAt(columns, earlier.atNs), columnAt(columns, later.atNs)];
  return {
    range: {
      fromNs: first < 0 ? earlier.atNs : columns.fromNs[first]!,
      toNs: last < 0 ? later.atNs : columns.toNs[last]!,
    },
    from: Math.min(a.bucket, b.bucket),
    to: Math.max(a.bucket, b.bucket),
  };
}
