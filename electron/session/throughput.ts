/** Bytes per second from a counter that is looked at now and then, and that starts again with each connection. */
import type { Clock } from './deps.ts';

/** Short enough to follow, long enough not to flicker with each window that comes. */
const SPAN_MS = 2000;

export class Throughput {
  readonly #clock: Clock;
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `bytes` received so far over the present connection. */
  perSecond(bytes: number): number {
    const atMs = this.#clock.now();
    if ((this.#samples.at(-1)?.bytes ?? 0) > bytes) this.#samples = [];
    this.#samples.push({ atMs, bytes });
    // The newest sample older than the span stays: it is where the span begins.
    while ((this.#samples[1]?.atMs ?? atMs) <= atMs - SPAN_MS) this.#samples.shift();
    const [oldest] = this.#samples;
    return oldest && atMs > oldest.atMs ? ((bytes - oldest.bytes) * 1000) / (atMs - oldest.atMs) : 0;
  }
}
