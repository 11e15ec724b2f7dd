import type { MonotonicNs } from '../../remote-agent/protocol/signal.ts';
import { formatDeviceTime } from './format.ts';

/** Steps people can read off an axis, in seconds. */
export const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** More are not read. */
const MOST_TICKS = 8;

/** Round times inside the domain for the axis: three to eight of them, or fewer where there is no room. */
export function timeTicks(
  domain: { readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs },
  wallOffsetMs: number | null,
  most = MOST_TICKS,
): readonly MonotonicNs[] {
  const spanS = (domain.toNs - domain.fromNs) / 1e9;
  const stepNs =
    (TIME_STEPS_S.find((seconds) => spanS / seconds <= Math.min(most, MOST_TICKS)) ?? TIME_STEPS_S.at(-1) ?? 1) * 1e9;
  // Round in wall time, where that is known: 14:05:00 rather than 14:05:07.
  const offsetNs = (wallOffsetMs ?? 0) * 1e6;
  const ticks: number[] = [];
  for (let at = Math.ceil((domain.fromNs + offsetNs) / stepNs) * stepNs - offsetNs; at <= domain.toNs; at += stepNs)
    ticks.push(at);
  return ticks;
}

export interface TimeLabel {
  readonly atNs: MonotonicNs;
  readonly text: string;
}

/** Half a label, so that none is cut off at the edge. */
const MARGIN_SHARE = 0.04;

/** Round times below a picture that is as wide as the domain. */
export function timeLabels(
  domain: { readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs },
  wallOffsetMs: number | null,
): readonly TimeLabel[] {
  const margin = (domain.toNs - domain.fromNs) * MARGIN_SHARE;
  return timeTicks(domain, wallOffsetMs)
    .filter((atNs) => atNs > domain.fromNs + margin && atNs < domain.toNs - margin)
    .map((atNs) => ({ atNs, text: formatDeviceTime(atNs, wallOffsetMs) }));
}
