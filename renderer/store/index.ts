// takes: signals from a Source
// gives: immutable snapshots of columns and tables, a few times a second, and what a Selection means on the time axis
// never: draws, computes pictures (that is derive/), or knows live from replay
export { addCounters, lostCount } from './counter-totals.ts';
export { Excerpts } from './excerpt.ts';
export type { Flows } from './flow-table.ts';
export { browserFrameClock } from './frame-clock.ts';
export { WHOLE_BOX } from './model.ts';
export type {
  ProbeColumns,
  ProbeData,
  SampleColumns,
  Selection,
  Series,
  StoreSnapshot,
  Tables,
  WindowAxis,
} from './model.ts';
export { PUBLISH_GAP_MS } from './publisher.ts';
export type { FrameClock } from './publisher.ts';
export { frozen, hasWindows, isFixed, rangeOf, rangesOf, united, windowsWithin } from './range.ts';
export type { RangeNs } from './range.ts';
export { SessionStore } from './session-store.ts';
export { LIVE_LIMITS, REPLAY_LIMITS } from './window-ring.ts';
export type { RingLimits } from './window-ring.ts';
