import type { MonotonicNs } from '../../remote-agent/protocol/signal.ts';

/** Steps people can read off an axis, in seconds. */
export const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Round times inside the domain for the axis: three to eight of them. */
export function timeTicks(
  domain: { readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs },
  wallOffsetMs: number | null,
): readonly MonotonicNs[] {
  const spanS = (domain.toNs - domain.fromNs) / 1e9;
  const stepNs = (TIME_STEPS_S.find((seconds) => spanS / seconds <= 8) ?? TIME_STEPS_S.at(-1) ?? 1) * 1e9;
  // Round in wall time, where that is known: 14:05:00 rather than 14:05:07.
  const offsetNs = (wallOffsetMs ?? 0) * 1e6;
  const ticks: number[] = [];
  for (let at = Math.ceil((domain.fromNs + offsetNs) / stepNs) * stepNs - offsetNs; at <= domain.toNs; at += stepNs)
    ticks.push(at);
  return ticks;
}
