import { deviceText } from '../../../../remote-agent/protocol/text.ts';
import type { ProbeColumns } from '../../../store/model.ts';
import { PairTable } from '../../pair-table.ts';
import type { WindowSpan } from '../../tally.ts';
import { timeColumns } from '../../calls/index.ts';

/** Packets dropped for one cause. */
export interface DropRow {
  /** The same for the same cause, as long as one table of ids gives them. */
  readonly id: number;
  /** Code of the table `drop-place`. */
  readonly where: number;
  readonly cause: string;
  readonly packets: number;
  /** Per second, over time. */
  readonly rates: Float64Array;
}

/** Points of a sparkline: as many as can be told apart. */
const SPARK_COLUMNS = 48;
const LONGEST_CAUSE = 200;
const NOTHING = new Uint32Array(0);

/** Gives causes numbers that stay. Texts, because blobs are numbered anew when old ones are forgotten. */
export class DropIds {
  readonly #texts = new Map<string, number>();
  readonly pairs = new PairTable(64);

  of(where: number, cause: string): number {
    const known = this.#texts.get(cause) ?? this.#texts.size;
    this.#texts.set(cause, known);
    return this.pairs.intern(where, known);
  }
}

/** Causes of a range, most packets first. */
export function dropRows(windows: ProbeColumns, span: WindowSpan, ids: DropIds): DropRow[] {
  const { manifest, columns, blobs } = windows;
  const named = (wanted: string) => columns[manifest.columns.findIndex(({ name }) => name === wanted)] ?? NOTHING;
  const [where, cause, packets] = [named('where'), named('cause'), named('packets')];
  const time = timeColumns(windows, span, SPARK_COLUMNS);
  const rows = new Map<number, { where: number; cause: string; packets: number; rates: Float64Array }>();
  const texts = new Map<number, string>();
  for (let column = 0; column < time.count; column++) {
    const to = windows.windowRow[time.windows[column + 1]!]!;
    for (let row = windows.windowRow[time.windows[column]!]!; row < to; row++) {
      const text = textOf(cause[row]!, blobs, texts);
      const id = ids.of(where[row]!, text);
      let found = rows.get(id);
      if (!found) {
        found = { where: where[row]!, cause: text, packets: 0, rates: new Float64Array(time.count) };
        rows.set(id, found);
      }
      found.packets += packets[row]!;
      found.rates[column] = found.rates[column]! + packets[row]! / time.seconds[column]!;
    }
  }
  return [...rows]
    .map(([id, row]) => ({ id, ...row }))
    .filter((row) => row.packets > 0)
    .sort((a, b) => b.packets - a.packets || a.id - b.id);
}

function textOf(blob: number, blobs: readonly Uint8Array[], texts: Map<number, string>): string {
  let text = texts.get(blob);
  if (text === undefined) texts.set(blob, (text = deviceText(blobs[blob] ?? new Uint8Array(0), LONGEST_CAUSE)));
  return text;
}
