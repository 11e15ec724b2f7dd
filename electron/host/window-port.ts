/** The session's port to the window: every message checked on its way in, every batch acknowledged before it counts as taken. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { isPortToHost, type PortToHost, type PortToWindow } from '../bridge/index.ts';

/** The part of MessagePortMain that is used; a test hands in something of the same shape. */
export interface PortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface PortHooks {
  readonly onMessage: (message: Exclude<PortToHost, { kind: 'ack' }>) => void;
  /** The window is gone, or has let go of the session. */
  readonly onClose: () => void;
}

export class WindowPort {
  readonly #port: PortLike;
  readonly #unacknowledged = new Map<number, () => void>();
  #nextBatch = 1;
  #gone = false;

  constructor(port: PortLike, hooks: PortHooks) {
    this.#port = port;
    port.on('message', ({ data }) => {
      // The page is sandboxed and its own code: anything else than the contract is a bug or an attack. Neither is served.
      if (!isPortToHost(data)) console.error('the window sent a message of unknown shape; it is ignored');
      else if (data.kind === 'ack') this.#acknowledge(data.batch);
      else hooks.onMessage(data);
    });
    port.on('close', () => {
      this.#gone = true;
      for (const batch of this.#unacknowledged.keys()) this.#acknowledge(batch);
      hooks.onClose();
    });
    port.start();
  }

  send(message: Exclude<PortToWindow, { kind: 'signals' }>): void {
    if (!this.#gone) this.#port.postMessage(message satisfies PortToWindow);
  }

  /** Resolves when the window has published the batch, or is gone. */
  sendSignals(signals: readonly Signal[]): Promise<void> {
    if (this.#gone) return Promise.resolve();
    const batch = this.#nextBatch++;
    this.#port.postMessage({ kind: 'signals', batch, signals } satisfies PortToWindow);
    return new Promise((resolve) => this.#unacknowledged.set(batch, resolve));
  }

  close(): void {
    this.#port.close();
  }

  #acknowledge(batch: number): void {
    this.#unacknowledged.get(batch)?.();
    this.#unacknowledged.delete(batch);
  }
}
