import type { FrameClock } from '../../../renderer/store/index.ts';

/** A window whose frames and clock are turned by hand. */
export class HandClock implements FrameClock {
  #nowMs = 0;
  #hidden = false;
  readonly #frames = new Set<() => void>();
  readonly #onVisibility = new Set<() => void>();

  nowMs(): number {
    return this.#nowMs;
  }

  hidden(): boolean {
    return this.#hidden;
  }

  request(callback: () => void): () => void {
    this.#frames.add(callback);
    return () => void this.#frames.delete(callback);
  }

  onVisibility(callback: () => void): () => void {
    this.#onVisibility.add(callback);
    return () => void this.#onVisibility.delete(callback);
  }

  /** Time passes, then one frame is drawn; none while hidden. */
  frame(afterMs = 16): void {
    this.#nowMs += afterMs;
    if (this.#hidden) return;
    const due = [...this.#frames];
    this.#frames.clear();
    for (const callback of due) callback();
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden;
    for (const callback of this.#onVisibility) callback();
  }

  get framesWanted(): number {
    return this.#frames.size;
  }
}

/** Whether a promise has settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  return (await Promise.race([promise.then(() => null), Promise.resolve().then(() => open)])) !== open;
}
