import { formatDeviceTime } from '../../widgets/format.ts';
import { timeTicks } from '../../widgets/time-ticks.ts';
import type { HeatFrame } from './heat-frame.ts';

/** Half a label, so that none is cut off at the edge. */
const MARGIN_SHARE = 0.04;

/** Round times below the map. */
export function heatTimes(
  { range }: HeatFrame,
  wallOffsetMs: number | null,
): { readonly atNs: number; readonly text: string }[] {
  const margin = (range.toNs - range.fromNs) * MARGIN_SHARE;
  return timeTicks(range, wallOffsetMs)
    .filter((atNs) => atNs > range.fromNs + margin && atNs < range.toNs - margin)
    .map((atNs) => ({ atNs, text: formatDeviceTime(atNs, wallOffsetMs) }));
}
