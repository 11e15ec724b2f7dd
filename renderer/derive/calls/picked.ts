import { type Band, inBand } from './band.ts';
import { bucketOf, type Cells } from './cell-index.ts';
import { type Groups, NO_GROUP } from './groups.ts';

/** 1 by cell: what the pictures show. `picked` null = every group that passed the filter. */
export function pickCells(cells: Cells, groups: Groups, picked: ReadonlySet<number> | null, band: Band): Uint8Array {
  const mask = new Uint8Array(cells.count);
  const pairs = new Uint8Array(cells.pairCount);
  for (let pair = 0; pair < cells.pairCount; pair++) {
    const group = groups.ofPair[pair]!;
    if (group !== NO_GROUP && (picked === null || picked.has(group))) pairs[pair] = 1;
  }
  for (let cell = 0; cell < cells.count; cell++) {
    if (pairs[cells.pair[cell]!] === 1 && inBand(band, bucketOf(cells.outcome[cell]!))) mask[cell] = 1;
  }
  return mask;
}
