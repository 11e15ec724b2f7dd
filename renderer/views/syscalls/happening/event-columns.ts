import type { EventList, Events } from '../../../derive/events/index.ts';
import type { GridColumn, GridSorting } from '../../../widgets/grid.tsx';

export type EventColumn = 'time' | 'process' | 'thread' | 'call' | 'result' | 'duration';
export type EventSorting = GridSorting<EventColumn>;

/** As they happen: the newest at the bottom. */
export const FIRST_EVENT_SORTING: EventSorting = { column: 'time', direction: 'ascending' };

export const PASSED_COLUMNS: readonly GridColumn<EventColumn>[] = [
  { id: 'time', title: 'Returned', help: 'Time of day on the device' },
  { id: 'process', title: 'Process', sorts: false },
  { id: 'thread', title: 'Thread', sorts: false },
  { id: 'call', title: 'Call', sorts: false, help: 'With its arguments; what pointers point at was not read' },
  { id: 'result', title: 'Result', sorts: false, help: 'What it returned, or its error' },
  { id: 'duration', title: 'Duration', help: 'From its beginning to its return' },
];

export const OPEN_COLUMNS: readonly GridColumn<EventColumn>[] = PASSED_COLUMNS.map((column) => {
  const titles: Partial<Record<EventColumn, string>> = { time: 'In progress since', result: '', duration: 'So far' };
  const { id, title } = column;
  return { id, title: titles[id] ?? title, sorts: false };
});

/** A second press turns the order around; durations begin with the longest. */
export function nextEventSorting(now: EventSorting, column: EventColumn): EventSorting {
  const first = column === 'duration' ? 'descending' : 'ascending';
  const other = first === 'ascending' ? 'descending' : 'ascending';
  return { column, direction: now.column === column && now.direction === first ? other : first };
}

/** `events` in the order they returned, as a list has them. */
export function sortEvents(
  events: readonly number[],
  columns: Events['columns'],
  { rowOf }: EventList,
  { column, direction }: EventSorting,
): readonly number[] {
  if (column !== 'duration') return direction === 'ascending' ? events : events.toReversed();
  const { durationNs } = columns;
  const sign = direction === 'ascending' ? 1 : -1;
  return events.toSorted((a, b) => sign * (durationNs[rowOf[a]!]! - durationNs[rowOf[b]!]!) || a - b);
}

/** Rows that are sorted by time, newest last, have an end that can be followed. */
export function hasNewestLast({ column, direction }: EventSorting): boolean {
  return column !== 'duration' && direction === 'ascending';
}
