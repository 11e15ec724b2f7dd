import type { FrameClock, RangeNs, Selection } from '../store/index.ts';

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where the "now" of a recording is, and how it moves. */
export interface PlaybackState {
  /** null = at the end: all there is has happened. */
  readonly cursorNs: number | null;
  readonly speed: Speed;
  readonly isPlaying: boolean;
}

export const AT_END: PlaybackState = { cursorNs: null, speed: 1, isPlaying: false };

interface Extent {
  readonly firstNs: number;
  readonly lastNs: number;
}

/** As often as a live session's picture changes. */
const TICK_MS = 200;
/** A window that was hidden draws no frames: what it missed is not made up for. */
const MOST_TICK_MS = 1000;

/** Calls back while it runs, with the time that went by. */
export class PlayClock {
  readonly #frames: FrameClock;
  #cancel: (() => void) | null = null;

  constructor(frames: FrameClock) {
    this.#frames = frames;
  }

  run(onTick: (elapsedMs: number) => void): void {
    this.stop();
    let lastMs = this.#frames.nowMs();
    const onFrame = () => {
      // Asked for first: whoever is called may stop it.
      this.#cancel = this.#frames.request(onFrame);
      const elapsedMs = this.#frames.nowMs() - lastMs;
      if (elapsedMs < TICK_MS) return;
      lastMs += elapsedMs;
      onTick(Math.min(elapsedMs, MOST_TICK_MS));
    };
    this.#cancel = this.#frames.request(onFrame);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

/** Later by a tick; the end stops it. */
export function advanced(state: PlaybackState, elapsedMs: number, { lastNs }: Extent): PlaybackState {
  const cursorNs = (state.cursorNs ?? lastNs) + elapsedMs * 1e6 * state.speed;
  return cursorNs >= lastNs ? { ...state, cursorNs: lastNs, isPlaying: false } : { ...state, cursorNs };
}

/** Where playing begins: where the cursor is, where the selected range begins, or at the start of all. */
export function playFrom({ cursorNs }: PlaybackState, range: Selection['range'], { firstNs, lastNs }: Extent): number {
  if (cursorNs !== null && cursorNs < lastNs) return cursorNs;
  return cursorNs === null && range.kind === 'between' ? range.fromNs : firstNs;
}

/** What a "now" in the past shows: as long a stretch before it as was followed. */
export function trailing(seconds: number, atNs: number, { firstNs }: Extent): RangeNs {
  return { fromNs: Math.max(firstNs, atNs - seconds * 1e9), toNs: atNs };
}

/** Where all was followed: a stretch in which something can be seen to move, of those the chooser has. */
export function trailingSeconds(following: Selection['range'], { firstNs, lastNs }: Extent): number {
  if (following.kind === 'last') return following.seconds;
  const lengthS = (lastNs - firstNs) / 1e9;
  return [300, 60].find((seconds) => seconds * 10 <= lengthS) ?? 10;
}
