// takes: the windows of a probe, the selection, and what "following" shows
// gives: events per second over time with a brush that selects the range of every view
// never: reads rows or stacks; counters per window are all it needs
export { Timeline } from './timeline.tsx';
export type { TimelineProps, TimelineWords } from './timeline.tsx';
