/**
 * Takes: counts of two sides, and what is known of each.
 * Gives: what changed, whether that can be chance, and whether the sides can be compared at all.
 * Never: knows where counts come from; the window and the command line say the same because both ask here.
 */
export {
  type Basis,
  certainStep,
  type Change,
  changeOf,
  type Normalisation,
  RATIO_STEPS,
  stepOf,
} from './change.ts';
export { type ComparisonNote, comparisonNotes, type SideFacts } from './comparable.ts';
export { CALLS_FOR_P99, type LatencyMarks, type LatencyShift, latencyShift, shiftSize } from './latency-shift.ts';
export { adjusted, pOfRates, pOfShares, SIGNIFICANT } from './significance.ts';
export { type FlowDiff, type FlowSide, flowSide, NO_TRAFFIC, type TrafficSum } from './traffic.ts';
