/** The window's clock and frames, as parameters: tests turn them by hand. */
export interface FrameClock {
  nowMs(): number;
  /** Frames stop while it is. */
  hidden(): boolean;
  /** Calls back before the next frame is drawn. Returns a canceller. */
  request(callback: () => void): () => void;
  /** Calls back when the window is hidden or seen again. Returns a closer. */
  onVisibility(callback: () => void): () => void;
}

/** A live picture that changes more than four to five times a second cannot be read, and costs a layout each time. */
export const PUBLISH_GAP_MS = 220;
/** A picture that took long to draw is drawn less often: drawing gets a quarter of the time, reading and the user the rest. */
const GAP_PER_DRAW = 3;
/** However long: one frame that came late for another reason (a window shown again) must not hold the picture up. */
const LONGEST_GAP_MS = 2000;
/** Nobody is looking: only keep the snapshot from growing too old. */
const HIDDEN_GAP_MS = 1000;

/**
 * The one place that decides when the views see new data. Changes are gathered; at an animation frame, and not more
 * often than every PUBLISH_GAP_MS, `publish` is called once for all of them.
 */
export class Publisher {
  readonly #publish: () => void;
  readonly #clock: FrameClock;
  readonly #offVisibility: () => void;
  #waiting: (() => void)[] = [];
  #dirty = false;
  #urgent = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** From the last publish to the first frame after it: what the views needed. */
  #drawMs = 0;
  #drawing = false;
  #cancelFrame: (() => void) | null = null;

  constructor(publish: () => void, clock: FrameClock) {
    this.#publish = publish;
    this.#clock = clock;
    // Both ways: a frame asked for before hiding would keep its waiters until the window is seen again.
    this.#offVisibility = clock.onVisibility(() => this.#run());
  }

  /**
   * Something changed. Settles at the frame that took the change over: a window too busy to draw slows its sender down.
   * A hidden window draws no frames and must not stop a recording's sender: there it settles at once.
   */
  changed(): Promise<void> {
    this.#dirty = true;
    if (this.#clock.hidden()) {
      if (this.#sinceLastMs() >= HIDDEN_GAP_MS) this.#run();
      return Promise.resolve();
    }
    this.#schedule();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Do not wait for the gap: what is there now is whole (a recording was read to its end). */
  hurry(): void {
    if (!this.#dirty) return;
    this.#urgent = true;
    if (this.#clock.hidden()) this.#run();
    else this.#schedule();
  }

  close(): void {
    this.#cancelFrame?.();
    this.#cancelFrame = null;
    this.#offVisibility();
    this.#settle();
  }

  #schedule(): void {
    this.#cancelFrame ??= this.#clock.request(() => {
      this.#cancelFrame = null;
      this.#settle();
      if (this.#drawing) this.#drawMs = this.#sinceLastMs();
      this.#drawing = false;
      if (this.#dirty && (this.#urgent || this.#sinceLastMs() >= this.#gapMs())) this.#run();
      if (this.#dirty || this.#drawing) this.#schedule();
    });
  }

  #gapMs(): number {
    return Math.min(LONGEST_GAP_MS, Math.max(PUBLISH_GAP_MS, this.#drawMs * (1 + GAP_PER_DRAW)));
  }

  #run(): void {
    this.#settle();
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#urgent = false;
    this.#lastMs = this.#clock.nowMs();
    this.#drawing = !this.#clock.hidden();
    this.#publish();
  }

  #settle(): void {
    const settled = this.#waiting;
    this.#waiting = [];
    for (const resolve of settled) resolve();
  }

  #sinceLastMs(): number {
    return this.#clock.nowMs() - this.#lastMs;
  }
}
