/** A time limit that stands still while the user is asked: nobody types a passphrase against a clock. */
import type { Ask } from './ask.ts';

export class Patience {
  private readonly limitMs: number;
  private readonly onOver: () => void;
  private usedMs = 0;
  private since: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private asking = 0;

  constructor(limitMs: number, onOver: () => void) {
    this.limitMs = limitMs;
    this.onOver = onOver;
    this.run();
  }

  /** The same questions, with the clock stopped. */
  during(ask: Ask): Ask {
    return async (question) => {
      if (this.asking++ === 0) this.stop();
      try {
        return await ask(question);
      } finally {
        if (--this.asking === 0) this.run();
      }
    };
  }

  get isAsking(): boolean {
    return this.asking > 0;
  }

  end(): void {
    this.stop();
    this.asking = Number.MAX_SAFE_INTEGER; // a late answer must not wind the clock up again
  }

  private run(): void {
    this.since = performance.now();
    this.timer = setTimeout(this.onOver, Math.max(0, this.limitMs - this.usedMs));
  }

  private stop(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.since !== null) this.usedMs += performance.now() - this.since;
    this.timer = null;
    this.since = null;
  }
}
