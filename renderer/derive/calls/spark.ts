import { type Band, inBand } from './band.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';
import { type Groups, NO_GROUP } from './groups.ts';
import type { TimeColumns } from './time-columns.ts';

/** Calls per second over time, of some groups: those on the screen, not all there are. */
export function sparkRates(
  given: CallColumns,
  cells: Cells,
  groups: Groups,
  wanted: readonly number[],
  columns: TimeColumns,
  band: Band,
): ReadonlyMap<number, Float64Array> {
  const rates = new Map(wanted.map((group) => [group, new Float64Array(columns.count)]));
  const line = new Int32Array(groups.count).fill(NO_GROUP);
  for (const [i, group] of wanted.entries()) line[group] = i;
  const lines = wanted.map((group) => rates.get(group)!);
  for (let column = 0; column < columns.count; column++) {
    const to = given.windowRow[columns.windows[column + 1]!]!;
    for (let row = given.windowRow[columns.windows[column]!]!; row < to; row++) {
      const group = groups.ofPair[cells.pair[cells.ofRow[row]!]!]!;
      const at = group === NO_GROUP ? NO_GROUP : line[group]!;
      if (at === NO_GROUP || !inBand(band, given.bucket[row]!)) continue;
      lines[at]![column] = lines[at]![column]! + given.calls[row]!;
    }
  }
  for (const each of lines)
    for (let column = 0; column < columns.count; column++) each[column] = each[column]! / columns.seconds[column]!;
  return rates;
}
