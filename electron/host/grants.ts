/** Files that the user chose in the system's dialog: main grants them, each for one writing. */

/** The grant comes from main, the request from the window: two pipes, so the grant may come second by a moment. */
const GRANT_MS = 2000;

export class Grants {
  readonly #waitMs: number;
  readonly #granted = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(waitMs: number = GRANT_MS) {
    this.#waitMs = waitMs;
  }

  grant(file: string): void {
    this.#granted.add(file);
    this.#waiting.get(file)?.();
  }

  /** Whether it was granted; it is used up then. */
  async take(file: string): Promise<boolean> {
    if (!this.#granted.has(file)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#waitMs);
        this.#waiting.set(file, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.delete(file);
    }
    return this.#granted.delete(file);
  }
}
