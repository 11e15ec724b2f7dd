/** Acknowledgements to the agent, thinned out: only the highest number counts. */
import type { AgentClient } from '../device/index.ts';
import type { Clock } from './deps.ts';

/** The agent's spool holds minutes; a message per record would cost the device more than it saves. */
const ACK_EVERY_MS = 200;

export class Acks {
  readonly #agent: AgentClient;
  readonly #clock: Clock;
  #due: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(agent: AgentClient, clock: Clock) {
    this.#agent = agent;
    this.#clock = clock;
  }

  add(seq: number): void {
    this.#due = seq;
    this.#cancel ??= this.#clock.after(ACK_EVERY_MS, () => this.flush());
  }

  /** What is due goes out now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#due !== null) this.#agent.ack(this.#due);
    this.#due = null;
  }

  close(): void {
    this.#cancel?.();
    this.#due = null;
  }
}
