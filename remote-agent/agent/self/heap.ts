/**
 * Keeps the heap small. V8 lets it grow to twice of what is alive before it looks; on a device whose memory we are
 * guests in, a full collection now and then (10 ms on a PC, 100 ms on a small board) is the better bargain. Needs
 * --expose-gc, which is part of AGENT_NODE_FLAGS; without it this does nothing.
 */
import { getHeapStatistics } from 'node:v8';

const CHECK_MS = 10_000;
/** More than what the young generation holds by itself. */
const GROWTH_BYTES = 2.5 * 2 ** 20;

export class HeapKeeper {
  private checkMs: number;
  /** In use after the last collection. */
  private baseBytes = 0;

  constructor(nowMs: number) {
    this.checkMs = nowMs + CHECK_MS;
  }

  tick(nowMs: number): void {
    if (nowMs < this.checkMs || !globalThis.gc) return;
    this.checkMs = nowMs + CHECK_MS;
    if (usedBytes() < this.baseBytes + GROWTH_BYTES) return;
    globalThis.gc();
    this.baseBytes = usedBytes();
  }
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}
