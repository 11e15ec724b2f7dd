/** A recording from front to back into a window, which may be halted on the way. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import type { RecordingReader } from '../recording/index.ts';
import { Outbox, SYSTEM_CLOCK } from '../session/index.ts';
import { demangleSignal } from '../symbols/index.ts';
import type { WindowPort } from './window-port.ts';

const BYTES_A_CELL = 4;

export class Pour {
  readonly #batches: AsyncGenerator<readonly Signal[], void, void>;
  readonly #outbox: Outbox;
  /** What a window would have twice if all were given from the front again. */
  readonly #held: Signal[] = [];

  constructor(reader: RecordingReader, window: WindowPort) {
    this.#batches = reader.batches();
    this.#outbox = new Outbox((signals) => window.sendSignals(signals), SYSTEM_CLOCK, { merge: false });
  }

  /** Some bytes of columns from its beginning, without what happens only once. */
  async upTo(bytes: number, isEnough: () => boolean): Promise<void> {
    for (let sent = 0; sent < bytes && !isEnough(); ) {
      const { done, value } = await this.#batches.next();
      if (done) break;
      for (const signal of value) {
        if (signal.kind === 'note' || signal.kind === 'probe') this.#held.push(signal);
        else this.#outbox.push(demangleSignal(signal));
        if (signal.kind === 'window') sent += signal.rows * signal.columns.length * BYTES_A_CELL;
      }
      await this.#outbox.room();
    }
  }

  /** All that was not given yet. */
  async rest(isEnough: () => boolean): Promise<void> {
    for (const signal of this.#held.splice(0)) this.#outbox.push(signal);
    while (!isEnough()) {
      const { done, value } = await this.#batches.next();
      if (done) return;
      for (const signal of value) this.#outbox.push(demangleSignal(signal));
      await this.#outbox.room();
    }
  }

  /** Settles when the window has all that was given. */
  drained(): Promise<void> {
    return this.#outbox.drained();
  }
}
