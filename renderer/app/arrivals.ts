import type { Source } from '../source/index.ts';
import type { SessionOrigin } from './session-state.ts';

/** Brings a session's source together with what it is for. They come apart, in any order. */
export class Arrivals {
  readonly #sources = new Map<string, Source>();
  readonly #expected = new Map<string, SessionOrigin>();
  /** Who waits for a session beside the one that is shown. */
  readonly #beside = new Map<string, (source: Source) => void>();
  readonly #onWhole: (sessionId: string, origin: SessionOrigin, source: Source) => void;

  constructor(onWhole: (sessionId: string, origin: SessionOrigin, source: Source) => void) {
    this.#onWhole = onWhole;
  }

  /** Its port is there. */
  arrived(sessionId: string, source: Source): void {
    this.#sources.set(sessionId, source);
    const wanted = this.#beside.get(sessionId);
    if (wanted) {
      this.#sources.delete(sessionId);
      this.#beside.delete(sessionId);
      return wanted(source);
    }
    this.#meet(sessionId);
  }

  /** It is to be shown. */
  expect(sessionId: string, origin: SessionOrigin): void {
    this.#expected.set(sessionId, origin);
    this.#meet(sessionId);
  }

  /** It is for something else than to be shown. */
  beside(sessionId: string): Promise<Source> {
    const source = this.#sources.get(sessionId);
    this.#sources.delete(sessionId);
    return source ? Promise.resolve(source) : new Promise((resolve) => this.#beside.set(sessionId, resolve));
  }

  #meet(sessionId: string): void {
    const source = this.#sources.get(sessionId);
    const origin = this.#expected.get(sessionId);
    if (!source || !origin) return;
    this.#sources.delete(sessionId);
    this.#expected.delete(sessionId);
    this.#onWhole(sessionId, origin, source);
  }
}
