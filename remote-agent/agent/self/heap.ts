/**
 * Keeps the heap small. V8 lets it grow to twice of what is alive before it looks; on a device whose memory we are
 * guests in, a full collection now and then (10 ms on a PC, 100 ms on a small board) is the better bargain. Needs the
 * `gc` of engine.ts; without it this only guards the limit.
 */
import { getHeapStatistics } from 'node:v8';

/** What `gc` of engine.ts takes. */
type Collect = (options?: { type: 'minor' }) => void;

const CHECK_MS = 10_000;
/** More than what the young generation holds by itself. */
const GROWTH_BYTES = 2.5 * 2 ** 20;
/** Grown by this much it is collected at once. */
const GROWTH_AT_ONCE_BYTES = 8 * 2 ** 20;
/** Ten times of what is alive on a busy device: whatever fills more is a bug, and the device needs its memory itself. */
const MAX_BYTES = 40 * 2 ** 20;
/**
 * Beside the heap: what was read from a loader, half a megabyte a second of one with much to say. The engine lets 32 MB of
 * it gather.
 */
const BUFFERS_GROWTH_BYTES = 4 * 2 ** 20;

export class HeapKeeper {
  private checkMs: number;
  /** In use after the last collection. */
  private baseBytes = 0;
  private baseBufferBytes = 0;

  constructor(nowMs: number) {
    this.checkMs = nowMs + CHECK_MS;
  }

  /** Throws where the heap has no end. */
  tick(nowMs: number): void {
    const isDue = nowMs >= this.checkMs;
    const most = this.baseBytes + (isDue ? GROWTH_BYTES : GROWTH_AT_ONCE_BYTES);
    if (isDue) this.checkMs = nowMs + CHECK_MS;
    if (usedBytes() > most || bufferBytes() > this.baseBufferBytes + BUFFERS_GROWTH_BYTES) this.collectYoung();
    if (usedBytes() > most) this.collect();
  }

  /** Takes a millisecond, and mostly there is no need for more. */
  private collectYoung(): void {
    (globalThis.gc as Collect | undefined)?.({ type: 'minor' });
    this.baseBufferBytes = bufferBytes();
  }

  private collect(): void {
    globalThis.gc?.();
    this.baseBytes = usedBytes();
    this.baseBufferBytes = bufferBytes();
    if (this.baseBytes > MAX_BYTES) throw new Error(`the heap has ${this.baseBytes} bytes`);
  }
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

function bufferBytes(): number {
  return getHeapStatistics().external_memory;
}
