/** How long the agent lives without a client. Pure: times come in, a deadline comes out. */
import { DEFAULT_LEASE_S, FIRST_CLIENT_TIMEOUT_S, MAX_LEASE_S } from '../../protocol/index.ts';

/**
 * A client confirms within a round trip, and something is sent every ten seconds. One that leaves records unconfirmed
 * for this long is gone, even if the kernel still holds its connection open (a sleeping laptop, a pulled cable).
 */
const SILENCE_S = 30;

export class Lease {
  seconds: number;
  private sinceMs: number;
  private hadClient = false;
  private isLinked = false;
  private silentCalls = 0;

  constructor(nowMs: number, seconds: number) {
    this.sinceMs = nowMs;
    this.seconds = clampLease(seconds);
  }

  linkUp(): void {
    this.isLinked = true;
    this.silentCalls = 0;
    this.hadClient = true;
  }

  linkDown(nowMs: number): void {
    this.isLinked = false;
    this.sinceMs = nowMs;
  }

  /**
   * Why the agent must end now; null while it may live. Called about once a second. Silence is counted in calls, not in
   * time: on a starved device the client's words may wait in our own queue.
   */
  overdue(nowMs: number, wasHeard: boolean, hasUnconfirmed: boolean): string | null {
    this.silentCalls = wasHeard || !hasUnconfirmed ? 0 : this.silentCalls + 1;
    if (!this.hadClient) return nowMs - this.sinceMs >= FIRST_CLIENT_TIMEOUT_S * 1000 ? 'no client came' : null;
    if (!this.isLinked)
      return nowMs - this.sinceMs >= this.seconds * 1000 ? 'the client did not come back in time' : null;
    return this.silentCalls >= SILENCE_S + this.seconds ? 'the client fell silent' : null;
  }
}

/** 0 = no wish. */
export function clampLease(seconds: number): number {
  return Math.min(seconds > 0 ? seconds : DEFAULT_LEASE_S, MAX_LEASE_S);
}
