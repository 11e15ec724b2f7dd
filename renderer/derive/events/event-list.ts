import type { Tables } from '../../store/model.ts';
import { type Filter, threadTest } from '../select.ts';
import type { WindowSpan } from '../tally.ts';
import type { EventColumns } from './event-columns.ts';
import type { EventIds } from './event-index.ts';

/** The calls of a range that pass a filter, by number. What is known of each is in its newest row of the range. */
export interface EventList {
  /** By number of the call; NO_ROW for those of other ranges or of others. */
  readonly rowOf: Int32Array;
  /** In the order they returned; those of which no return was seen are where they were last seen. */
  readonly passed: readonly number[];
  /** Had not returned when the range ended. Longest waiting first. */
  readonly open: readonly number[];
  /** Oldest ones that are in the range, but in none of these lists: more than anybody can look through. */
  readonly leftOut: number;
}

export const NO_ROW = -1;
/** To search so many for the first time takes a quarter of a second; then their texts are known. */
export const MOST_LISTED = 20_000;

export function eventList(
  columns: EventColumns,
  ids: EventIds,
  { first, end }: WindowSpan,
  tables: Tables,
  filter: Filter,
  most = MOST_LISTED,
): EventList {
  const rowOf = new Int32Array(ids.count).fill(NO_ROW);
  const passes = threadTest(tables, filter);
  const [from, to] = [columns.windowRow[first]!, columns.windowRow[end]!];
  for (let row = from; row < to; row++) if (passes(columns.thread[row]!)) rowOf[ids.ofRow[row]!] = row;
  const lastFrom = columns.windowRow[Math.max(first, end - 1)]!;
  const [passed, open]: [number[], number[]] = [[], []];
  for (let row = from; row < to; row++) {
    const event = ids.ofRow[row]!;
    if (rowOf[event] !== row) continue;
    const isOpen = columns.finished[row] === 0 && row >= lastFrom;
    (isOpen ? open : passed).push(event);
  }
  const newest = inOrderOfEnd(columns, rowOf, passed.slice(-most));
  open.sort((a, b) => columns.begunNs[rowOf[a]!]! - columns.begunNs[rowOf[b]!]! || a - b);
  return { rowOf, passed: newest, open, leftOut: passed.length - newest.length };
}

/** When a call returned, or was seen last. */
export function endOf(columns: EventColumns, row: number): number {
  return columns.begunNs[row]! + columns.durationNs[row]!;
}

function inOrderOfEnd(columns: EventColumns, rowOf: Int32Array, events: readonly number[]): readonly number[] {
  const ends = Float64Array.from(events, (event) => endOf(columns, rowOf[event]!));
  const order = Uint32Array.from(events, (_, at) => at).sort((a, b) => ends[a]! - ends[b]! || a - b);
  return Array.from(order, (at) => events[at]!);
}
