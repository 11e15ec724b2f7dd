// takes: the columns of a probe of samples, with the part of the second in which each was taken
// gives: samples by second and part of it, and the samples of ranges that are exact to such a part
// never: draws, or knows which seconds are on the screen
export { areSlots, type Cut, cutToSlots, type Ranges } from './cut.ts';
export {
  cpusSeen,
  type GridRequest,
  type Seconds,
  type SecondsGrid,
  secondsGrid,
  secondsWithin,
  SLOT,
} from './grid.ts';
export {
  isWithoutSlots,
  SECOND_NS,
  slotAt,
  slotFromNs,
  slotLengthNs,
  type SlotPlace,
  slotsPerSecond,
  slotToNs,
} from './slots.ts';
