import type { StoreApi } from 'zustand/vanilla';
import type { FrameClock, Selection, StoreSnapshot } from '../store/index.ts';
import { advanced, AT_END, PlayClock, playFrom, trailing, trailingSeconds } from './playback.ts';
import type { PlaybackState, Speed } from './playback.ts';
import type { SessionState } from './session-state.ts';

/** Moves the selection of a recording along as if it happened now. */
export class Player {
  readonly #state: StoreApi<SessionState>;
  readonly #snapshots: StoreApi<StoreSnapshot>;
  readonly #clock: PlayClock;

  constructor(state: StoreApi<SessionState>, snapshots: StoreApi<StoreSnapshot>, frames: FrameClock) {
    this.#state = state;
    this.#snapshots = snapshots;
    this.#clock = new PlayClock(frames);
  }

  toggle(): void {
    const { playback, selection } = this.#state.getState();
    if (playback.isPlaying) return this.pause();
    const cursorNs = playFrom(playback, selection.range, this.#snapshots.getState());
    this.#show({ ...playback, cursorNs, isPlaying: true });
    this.#clock.run((elapsedMs) => this.#tick(elapsedMs));
  }

  pause(): void {
    this.#clock.stop();
    this.#state.setState(({ playback }) => ({ playback: { ...playback, isPlaying: false } }));
  }

  /** Goes on from there if it is playing. */
  seek(atNs: number): void {
    const { firstNs, lastNs } = this.#snapshots.getState();
    const cursorNs = Math.min(lastNs, Math.max(firstNs, atNs));
    this.#show({ ...this.#state.getState().playback, cursorNs });
  }

  setSpeed(speed: Speed): void {
    this.#state.setState(({ playback }) => ({ playback: { ...playback, speed } }));
  }

  /** Somebody chose a range: whether the "now" stays where it is and the range ends there. */
  follow(range: Selection['range']): boolean {
    const { playback } = this.#state.getState();
    if (range.kind === 'last' && playback.cursorNs !== null) {
      this.#state.setState({ following: range });
      this.#show(playback);
      return true;
    }
    this.#clock.stop();
    this.#state.setState({ playback: { ...playback, ...AT_END, speed: playback.speed } });
    return false;
  }

  close(): void {
    this.#clock.stop();
  }

  #tick(elapsedMs: number): void {
    const next = advanced(this.#state.getState().playback, elapsedMs, this.#snapshots.getState());
    if (!next.isPlaying) this.#clock.stop();
    this.#show(next);
  }

  #show(playback: PlaybackState): void {
    const extent = this.#snapshots.getState();
    const { selection, following } = this.#state.getState();
    const seconds = trailingSeconds(following, extent);
    const range = { kind: 'between', ...trailing(seconds, playback.cursorNs ?? extent.lastNs, extent) } as const;
    this.#state.setState({
      playback,
      following: { kind: 'last', seconds },
      selection: { ...selection, range },
    });
  }
}
