import { type Band, inBand } from './band.ts';
import type { CallColumns } from './call-columns.ts';
import type { Cells } from './cell-index.ts';
import { beginsAs, ColumnCounts } from './column-counts.ts';
import { type Groups, NO_GROUP } from './groups.ts';
import type { TimeColumns } from './time-columns.ts';

/** Calls per second over time, of some groups, from nothing. Live views keep RollingSparks instead. */
export function sparkRates(
  given: CallColumns,
  cells: Cells,
  groups: Groups,
  wanted: readonly number[],
  columns: TimeColumns,
  band: Band,
): ReadonlyMap<number, Float64Array> {
  return new RollingSparks().advance(given, cells, groups, wanted, columns, band);
}

/** The same, moving on: only columns that changed are counted, for all groups, so that scrolling counts nothing. */
export class RollingSparks {
  readonly #counts = new ColumnCounts();
  #generation = -1;
  #ofPair: Int32Array = new Int32Array(0);
  #band: Band = null;

  advance(
    given: CallColumns,
    cells: Cells,
    groups: Groups,
    wanted: readonly number[],
    columns: TimeColumns,
    band: Band,
  ): ReadonlyMap<number, Float64Array> {
    const isKnown = cells.generation === this.#generation && beginsAs(groups.ofPair, this.#ofPair);
    if (!isKnown || band !== this.#band) this.#counts.clear();
    this.#generation = cells.generation;
    this.#ofPair = groups.ofPair;
    this.#band = band;
    const { bucket, calls } = given;
    const byColumn = this.#counts.advance(given, columns, groups.count, (row, counts) => {
      const group = groups.ofPair[cells.pair[cells.ofRow[row]!]!]!;
      if (group !== NO_GROUP && inBand(band, bucket[row]!)) counts[group] = counts[group]! + calls[row]!;
    });
    return new Map(wanted.map((group) => [group, ratesOf(byColumn, group, columns)]));
  }
}

/** A group that was not there yet has no place in the counts of its time. */
function ratesOf(byColumn: readonly Float64Array[], group: number, { seconds }: TimeColumns): Float64Array {
  return Float64Array.from(byColumn, (counts, column) => (counts[group] ?? 0) / seconds[column]!);
}
