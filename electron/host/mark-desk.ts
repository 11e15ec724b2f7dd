/** The marks of one session: into its recording, and back to its window. */
import { faultOf } from '../../remote-agent/protocol/index.ts';
import type { Mark } from '../bridge/index.ts';
import type { WindowPort } from './window-port.ts';

/** Rejects with a FaultError where they cannot be written. */
export type MarkKeeper = (marks: readonly Mark[]) => Promise<void>;

export class MarkDesk {
  readonly #window: Pick<WindowPort, 'send'>;
  readonly #keep: MarkKeeper;
  #last: Promise<void> = Promise.resolve();

  constructor(window: Pick<WindowPort, 'send'>, keep: MarkKeeper) {
    this.#window = window;
    this.#keep = keep;
  }

  /** Shown also where they cannot be kept: the window says so, and has them until it is closed. */
  set(marks: readonly Mark[]): void {
    this.#window.send({ kind: 'marks', marks });
    this.#last = this.#last.then(() => this.#write(marks));
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #write(marks: readonly Mark[]): Promise<void> {
    try {
      await this.#keep(marks);
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#window.send({ kind: 'fault', fault });
    }
  }
}
