import { between, blended, type Placement, type Span } from '../../derive/index.ts';

/**
 * Long enough to follow with the eye, short enough not to wait for; shorter than the gap between two live updates. One
 * for both motions: a zoomed frame stays where it is only if span and frames move in step.
 */
export const MOTION_MS = 170;

/** Quick at first, then settling. */
function eased(progress: number): number {
  // A frame's time stamp may lie before the moment the motion began.
  return 1 - (1 - Math.max(0, progress)) ** 3;
}

/** The span on its way from one place to another. Time is a parameter: tests turn the clock. */
export class SpanMotion {
  #from: Span;
  #to: Span;
  #startMs = Number.NEGATIVE_INFINITY;

  constructor(span: Span) {
    this.#from = span;
    this.#to = span;
  }

  get target(): Span {
    return this.#to;
  }

  at(nowMs: number): Span {
    const progress = (nowMs - this.#startMs) / MOTION_MS;
    return progress >= 1 ? this.#to : blended(this.#from, this.#to, eased(progress));
  }

  isMoving(nowMs: number): boolean {
    return nowMs - this.#startMs < MOTION_MS;
  }

  /** Goes on from wherever it is just now. */
  go(to: Span, nowMs: number, isSudden: boolean): void {
    this.#from = isSudden ? to : this.at(nowMs);
    this.#to = to;
    this.#startMs = isSudden ? Number.NEGATIVE_INFINITY : nowMs;
  }
}

/** The same for where every frame lies. */
export class PlacementMotion {
  #from: Placement | null = null;
  #to: Placement;
  #now: Placement;
  #startMs = Number.NEGATIVE_INFINITY;

  constructor(placement: Placement) {
    this.#to = placement;
    this.#now = placement;
  }

  get target(): Placement {
    return this.#to;
  }

  at(nowMs: number): Placement {
    const progress = (nowMs - this.#startMs) / MOTION_MS;
    if (!this.#from || progress >= 1) {
      this.#from = null;
      this.#now = this.#to;
    } else {
      between(this.#from, this.#to, eased(progress), this.#now);
    }
    return this.#now;
  }

  isMoving(nowMs: number): boolean {
    return this.#from !== null && nowMs - this.#startMs < MOTION_MS;
  }

  /** `from`: where the frames of the new placement were in the old picture; null = no motion. */
  go(to: Placement, from: Placement | null, nowMs: number): void {
    const count = to.start.length;
    this.#from = from;
    this.#to = to;
    this.#now = from ? { start: new Float64Array(count), width: new Float64Array(count) } : to;
    this.#startMs = nowMs;
  }
}
