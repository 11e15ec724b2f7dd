import type { StoreApi } from 'zustand/vanilla';
import type { Mark } from '../../electron/bridge/contract.ts';
import type { SessionState } from './session-state.ts';

/** More steps back nobody remembers. */
const MOST_STEPS = 50;

/** The marks of a session, and the way back. */
export class MarkBook {
  readonly #state: StoreApi<SessionState>;
  readonly #keep: (marks: readonly Mark[]) => void;
  #before: (readonly Mark[])[] = [];

  /** `keep` has them written down. */
  constructor(state: StoreApi<SessionState>, keep: (marks: readonly Mark[]) => void) {
    this.#state = state;
    this.#keep = keep;
  }

  /** All of them. */
  set(marks: readonly Mark[]): void {
    this.#before = [...this.#before, this.#state.getState().marks].slice(-MOST_STEPS);
    this.#show(marks);
  }

  undo(): void {
    const marks = this.#before.pop();
    if (marks) this.#show(marks);
  }

  /** On screen at once: the recording may be slow, or one that cannot be written. */
  #show(marks: readonly Mark[]): void {
    this.#state.setState({ marks, canUndoMarks: this.#before.length > 0 });
    this.#keep(marks);
  }
}
