/**
 * Whether the window may close. While a device is watched a person is asked first; a system that ends, a signal and a
 * driver are not: nobody answers them, and what was recorded is on the disk anyway. Asked again, it closes.
 */
export interface QuitHooks {
  /** A device is watched now. */
  readonly isWatching: () => boolean;
  /** Puts the question into the window. */
  readonly ask: () => void;
  /** Closes the window, which asks again whether it may. */
  readonly close: () => void;
}

export class QuitQuestion {
  readonly #hooks: QuitHooks;
  #phase: 'open' | 'asked' | 'leaving' = 'open';

  constructor(hooks: QuitHooks) {
    this.#hooks = hooks;
  }

  /** The window is about to close: true lets it. */
  mayClose(): boolean {
    if (this.#phase === 'open' && this.#hooks.isWatching()) {
      this.#phase = 'asked';
      this.#hooks.ask();
      return false;
    }
    this.#phase = 'leaving';
    return true;
  }

  /** Whoever ends the program does not wait for an answer. */
  endUnasked(): void {
    this.#phase = 'leaving';
  }

  answer(leave: boolean): void {
    this.#phase = leave ? 'leaving' : 'open';
    if (leave) this.#hooks.close();
  }

  /** The page that would show the question is gone. */
  forget(): void {
    if (this.#phase === 'asked') this.#phase = 'open';
  }
}
