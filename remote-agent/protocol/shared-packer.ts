/**
 * One packer for whoever packs each second: its memory is used again, and while it is there the engine keeps the code that
 * it made for it.
 */
import { ColumnPacker, KEPT_ROWS } from './columns.ts';

const SHARED = new ColumnPacker(0);

/** Its work for others must be done. */
export function sharedPacker(rows: number, key: ArrayLike<number> | null = null): ColumnPacker {
  SHARED.begin(rows, key, Math.max(rows, Math.min(rows * 2, KEPT_ROWS)));
  return SHARED;
}
