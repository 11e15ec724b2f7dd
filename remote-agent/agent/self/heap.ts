/**
 * Keeps the heap small. V8 lets it grow to twice of what is alive before it looks; on a device whose memory we are
 * guests in, a full collection now and then (10 ms on a small board) is the better bargain. Needs --expose-gc, which
 * is part of AGENT_NODE_FLAGS; without it this does nothing.
 */

/** After the first burst of reading everything, then twice a minute. */
const FIRST_MS = 12_000;
const INTERVAL_MS = 30_000;

export class HeapKeeper {
  private dueMs: number;

  constructor(nowMs: number) {
    this.dueMs = nowMs + FIRST_MS;
  }

  tick(nowMs: number): void {
    if (nowMs < this.dueMs) return;
    this.dueMs = nowMs + INTERVAL_MS;
    globalThis.gc?.();
  }
}
