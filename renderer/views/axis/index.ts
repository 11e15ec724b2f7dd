// takes: the series, windows and events of a session, what is selected, and its marks
// gives: the time axis: tracks, losses, marks, and the brush that selects ranges for every view
// never: reads rows or stacks, or keeps a selection of its own
export { TimeAxis } from './axis.tsx';
export { axisClock, CLOCKS } from './clock.ts';
export type { AxisClock, ClockKind } from './clock.ts';
export { boundsOf, domainOf, isLive, zoomTo } from './domain.ts';
export type { AxisTime, Zoom } from './domain.ts';
export { happeningsOf } from './happenings.ts';
export { AXIS_SIZES } from './layout.ts';
export type { AxisSize } from './layout.ts';
export { MarkList } from './mark-list.tsx';
export { around, zoomed } from './stretch.ts';
export { useMarking } from './use-marking.ts';
export type { Marking } from './use-marking.ts';
