import { HUNDREDTH_NS, LONGEST_SLOTTED_NS, slotStartNs } from '../../../remote-agent/protocol/slots.ts';
import type { Column, SampleColumns, Selection } from '../../store/model.ts';
import type { WindowSpan } from '../tally.ts';
import { slotAt, slotToNs } from './slots.ts';

/** In order, apart from each other. */
export type Ranges = Extract<Selection['range'], { readonly kind: 'several' }>['ranges'];

/** The samples of some ranges, exact to the slot. */
export interface Cut {
  /** The same rows; those outside weigh nothing. */
  readonly samples: SampleColumns;
  /** How much of each window of the span is inside, 0 … 1. */
  readonly shares: Float64Array;
  /** Samples of windows that reach out of the ranges, of which nobody knows when: they are all in. */
  readonly unplaced: number;
}

/**
 * Ranges that end where slots end were chosen by slots. All others, such as those that are dragged on the time axis, mean the
 * windows that they touch, in every view alike.
 */
export function areSlots(ranges: Ranges): boolean {
  return ranges.every(({ fromNs, toNs }) => fromNs % HUNDREDTH_NS === 0 && toNs % HUNDREDTH_NS === 0);
}

/** null where nothing is to be cut off the windows. */
export function cutToSlots(samples: SampleColumns, span: WindowSpan, ranges: Ranges, slotNs: number): Cut | null {
  const shares = sharesOf(samples, span, ranges);
  if (shares.every((share) => share === 1)) return null;
  const weight = samples.samples.slice(0, samples.rowCount);
  let unplaced = 0;
  for (const [i, share] of shares.entries()) {
    if (share === 1) continue;
    const left = cutWindow(samples, span.first + i, ranges, slotNs, weight);
    if (left > 0) shares[i] = 1;
    unplaced += left;
  }
  return { samples: { ...samples, samples: weight }, shares, unplaced };
}

function sharesOf({ windowFromNs, windowToNs }: SampleColumns, { first, end }: WindowSpan, ranges: Ranges) {
  const shares = new Float64Array(end - first);
  for (let window = first; window < end; window++) {
    const [from, to] = [windowFromNs[window]!, windowToNs[window]!];
    let inside = 0;
    for (const { fromNs, toNs } of ranges) inside += Math.max(0, Math.min(to, toNs) - Math.max(from, fromNs));
    shares[window - first] = inside >= to - from ? 1 : inside / (to - from);
  }
  return shares;
}

/** Gives how many samples stay in because nobody knows when they were taken. */
function cutWindow(
  { slot, windowRow, windowFromNs, windowToNs }: SampleColumns,
  window: number,
  ranges: Ranges,
  slotNs: number,
  weight: Column,
): number {
  const fromNs = windowFromNs[window]!;
  const isTold = windowToNs[window]! - fromNs <= LONGEST_SLOTTED_NS;
  let unplaced = 0;
  for (let row = windowRow[window]!; row < windowRow[window + 1]!; row++) {
    const told = isTold ? (slot[row] ?? 0) : 0;
    if (told === 0) unplaced += weight[row]!;
    else if (!isWithin(slotStartNs(told, fromNs), slotNs, ranges)) weight[row] = 0;
  }
  return unplaced;
}

/** Whether the slot that begins there overlaps any. */
function isWithin(startNs: number, slotNs: number, ranges: Ranges): boolean {
  const endNs = slotToNs(slotAt(startNs, slotNs), slotNs);
  return ranges.some(({ fromNs, toNs }) => startNs < toNs && endNs > fromNs);
}
