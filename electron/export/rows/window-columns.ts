import { type Column, isoTime } from './column.ts';
import type { WindowTime } from './table-kind.ts';

/** In front of the others where there are rows per window. */
export const WINDOW_COLUMNS: readonly Column<WindowTime>[] = [
  {
    name: 'time',
    isText: true,
    help: "start of the window by the device's clock, UTC",
    cell: ({ realtimeMs }) => isoTime(realtimeMs),
  },
  { name: 'from_ns', help: 'start of the window, device CLOCK_MONOTONIC', cell: ({ fromNs }) => fromNs },
  { name: 'to_ns', help: 'end of the window', cell: ({ toNs }) => toNs },
];
