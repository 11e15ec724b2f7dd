/** How well data gets through. The worst of what is known decides. */
export type Health = 0 | 1 | 2;
export const HEALTHS = ['good', 'fair', 'poor'] as const;

export interface Vitals {
  readonly packetsSent: number;
  readonly retransmits: number;
  readonly resets: number;
  /** Connections that were refused or timed out. */
  readonly failures: number;
  readonly flows: number;
  /** Smoothed, of the slowest; 0 = not known. */
  readonly rttNs: number;
}

/** One lost segment in a hundred halves what TCP can carry over a long line; five make it crawl. */
export const RETRANSMIT_SHARES = [0.01, 0.05] as const;
/** From here on a person notices the wait, and from there on gives up on it. */
export const RTT_NS = [150e6, 500e6] as const;
/** Share of connections that were reset or could not be made. */
export const BROKEN_SHARES = [0.02, 0.2] as const;

export function healthOf(vitals: Vitals): Health {
  return Math.max(
    grade(retransmitShare(vitals), RETRANSMIT_SHARES),
    grade(vitals.rttNs, RTT_NS),
    grade(brokenShare(vitals), BROKEN_SHARES),
  ) as Health;
}

export function retransmitShare({ retransmits, packetsSent }: Vitals): number {
  return retransmits === 0 ? 0 : retransmits / Math.max(packetsSent, retransmits);
}

export function brokenShare({ resets, failures, flows }: Vitals): number {
  return flows === 0 ? 0 : Math.min(1, (resets + failures) / flows);
}

function grade(value: number, [fair, poor]: readonly [number, number]): Health {
  if (value > poor) return 2;
  return value > fair ? 1 : 0;
}
