import type { RangeNs } from '../../store/index.ts';
import { formatDeviceInstant, formatDeviceTime, formatStopwatch } from '../../widgets/format.ts';
import { timeTicks } from '../../widgets/time-ticks.ts';

/** A label, its distance from the next, and half of one: at the edges they are moved inwards. */
const TICK_PX = 84;

export const CLOCKS = ['wall', 'start'] as const;
/** What a time is called: by the clock on the wall, or from the start of the session. */
export type ClockKind = (typeof CLOCKS)[number];

/** Times in words. */
export interface AxisClock {
  /** Round ones within a stretch, as many as there is room for. */
  ticks(domain: RangeNs, widthPx: number): readonly number[];
  text(ns: number): string;
  /** To the millisecond. */
  instant(ns: number): string;
}

export function axisClock(kind: ClockKind, wallOffsetMs: number | null, firstNs: number): AxisClock {
  if (kind === 'wall')
    return {
      ticks: (domain, widthPx) => timeTicks(domain, wallOffsetMs, widthPx / TICK_PX),
      text: (ns) => formatDeviceTime(ns, wallOffsetMs),
      instant: (ns) => formatDeviceInstant(ns, wallOffsetMs),
    };
  const sinceNs = (ns: number) => Math.max(0, ns - firstNs);
  return {
    ticks: (domain, widthPx) => timeTicks(domain, -firstNs / 1e6, widthPx / TICK_PX),
    text: (ns) => formatStopwatch(sinceNs(ns) / 1e9),
    instant: (ns) => formatDeviceInstant(sinceNs(ns), null),
  };
}
