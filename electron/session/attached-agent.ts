/** One agent while we are attached to it: its frames are taken and acknowledged, its silence and its end are told. */
import type { AgentFrame, Fault } from '../../remote-agent/protocol/index.ts';
import type { AgentClient, AgentEnd } from '../device/index.ts';
import { Acks } from './acks.ts';
import type { Clock } from './deps.ts';
import { watchLink } from './heartbeat.ts';

export interface AgentHooks {
  /** Settles with the number to acknowledge; a rejection is told to onBroken. */
  readonly onFrame: (frame: AgentFrame, payload: Uint8Array) => Promise<number | null>;
  readonly onBroken: (error: unknown) => void;
  readonly onSilent: (fault: Fault) => void;
  readonly onEnd: (end: AgentEnd) => void;
}

export class AttachedAgent {
  readonly client: AgentClient;
  readonly #acks: Acks;
  readonly #stopWatching: () => void;
  #attached = true;

  constructor(client: AgentClient, clock: Clock, { onFrame, onBroken, onSilent, onEnd }: AgentHooks) {
    this.client = client;
    this.#acks = new Acks(client, clock);
    this.#stopWatching = watchLink(client, clock, (silentMs) =>
      onSilent({ code: 'link-lost', message: `nothing came from the device for ${Math.round(silentMs / 1000)} s` }),
    );
    client.onFrame(async (frame, payload) => {
      try {
        const seq = await onFrame(frame, payload);
        if (seq !== null && this.#attached) this.#acks.add(seq);
      } catch (error) {
        onBroken(error);
      }
    });
    void client.closed.then((end) => {
      if (this.#attached) onEnd(end);
    });
  }

  /** What was recorded and not yet acknowledged is acknowledged now. */
  acknowledge(): void {
    this.#acks.flush();
  }

  /** The agent goes on for its lease; nothing more of it is told. */
  detach(): void {
    this.#attached = false;
    this.#stopWatching();
    this.#acks.close();
    this.client.close();
  }
}
