import { type Seconds, SECOND_NS, slotAt, slotFromNs, type SlotPlace, slotToNs } from '../../derive/subsecond/index.ts';
import type { RangeNs } from '../../store/index.ts';

/** Where things lie in the plot: seconds to the right, parts of the second upwards. CSS pixels from its upper left corner. */
export interface SecondsFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly seconds: Seconds;
  readonly slotNs: number;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Left edge of a second. */
export function xOf({ widthPx, seconds }: SecondsFrame, second: number): number {
  return ((second - seconds.first) / seconds.count) * widthPx;
}

/** Where an offset within its second lies. */
export function yOf({ heightPx }: SecondsFrame, offsetNs: number): number {
  return heightPx - (offsetNs / SECOND_NS) * heightPx;
}

export function placeAt({ widthPx, heightPx, seconds, slotNs }: SecondsFrame, x: number, y: number): SlotPlace {
  const column = Math.min(seconds.count - 1, Math.max(0, Math.floor((x / widthPx) * seconds.count)));
  const offsetNs = Math.min(SECOND_NS - 1, Math.max(0, (1 - y / heightPx) * SECOND_NS));
  return { second: seconds.first + column, slot: Math.floor(offsetNs / slotNs) };
}

/** From one slot to another, both included, whichever comes first. */
export function rangeBetween(a: SlotPlace, b: SlotPlace, slotNs: number): RangeNs {
  const isInOrder = a.second < b.second || (a.second === b.second && a.slot <= b.slot);
  const [from, to] = isInOrder ? [a, b] : [b, a];
  return { fromNs: slotFromNs(from, slotNs), toNs: slotToNs(to, slotNs) };
}

/** The rest of its first second, whole seconds, and the beginning of its last one; less where it is shorter or not shown. */
export function rectanglesOf(frame: SecondsFrame, { fromNs, toNs }: RangeNs): readonly Rectangle[] {
  const { first, count } = frame.seconds;
  const from = Math.max(fromNs, first * SECOND_NS);
  const to = Math.min(toNs, (first + count) * SECOND_NS);
  if (to <= from) return [];
  const [start, end] = [slotAt(from, frame.slotNs), slotAt(to - 1, frame.slotNs)];
  const offsetOf = (ns: number, second: number) => ns - second * SECOND_NS;
  const column = (second: number, until: number, lowNs: number, highNs: number): Rectangle => ({
    left: xOf(frame, second),
    top: yOf(frame, highNs),
    width: xOf(frame, until) - xOf(frame, second),
    height: yOf(frame, lowNs) - yOf(frame, highNs),
  });
  if (start.second === end.second)
    return [column(start.second, start.second + 1, offsetOf(from, start.second), offsetOf(to, start.second))];
  const parts = [column(start.second, start.second + 1, offsetOf(from, start.second), SECOND_NS)];
  if (end.second > start.second + 1) parts.push(column(start.second + 1, end.second, 0, SECOND_NS));
  return [...parts, column(end.second, end.second + 1, 0, offsetOf(to, end.second))];
}
