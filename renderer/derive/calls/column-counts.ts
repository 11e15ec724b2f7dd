import type { CallColumns } from './call-columns.ts';
import type { TimeColumns } from './time-columns.ts';

/** Counts row `row` into `counts`. */
type CountRow = (row: number, counts: Float64Array) => void;

interface Kept {
  /** Rows from … to − 1. */
  readonly from: number;
  readonly to: number;
  readonly counts: Float64Array;
}

/**
 * What each column of time has, kept as long as it is a column: when a window comes, only the newest column is added to and
 * only the oldest, out of which one fell, is counted again. Good as long as rows keep their numbers and mean the same to
 * whoever counts them; `clear` begins anew.
 */
export class ColumnCounts {
  #kept: readonly Kept[] = [];

  /** `length`: of the counts of a column. Those of one that was kept may be shorter: none of its rows counts behind. */
  advance(given: CallColumns, columns: TimeColumns, length: number, count: CountRow): readonly Float64Array[] {
    const before = this.#kept;
    let at = 0;
    this.#kept = Array.from({ length: columns.count }, (_, column): Kept => {
      const from = given.windowRow[columns.windows[column]!]!;
      const to = given.windowRow[columns.windows[column + 1]!]!;
      while (at < before.length && before[at]!.from < from) at++;
      const known = before[at];
      if (!known || known.from !== from || known.to > to)
        return counted({ from, to: from, counts: NONE }, to, length, count);
      return known.to === to ? known : counted(known, to, length, count);
    });
    return this.#kept.map(({ counts }) => counts);
  }

  clear(): void {
    this.#kept = [];
  }
}

const NONE = new Float64Array(0);

/** A copy: whoever has the counts of before goes on reading them. */
function counted({ from, to: first, counts: before }: Kept, to: number, length: number, count: CountRow): Kept {
  const counts = new Float64Array(length);
  counts.set(before);
  for (let row = first; row < to; row++) count(row, counts);
  return { from, to, counts };
}

/** `now` begins as `before` was: more of it may have come behind. */
export function beginsAs(now: ArrayLike<number>, before: ArrayLike<number>): boolean {
  if (now === before) return true;
  if (now.length < before.length) return false;
  for (let i = 0; i < before.length; i++) if (now[i] !== before[i]) return false;
  return true;
}
