import type { ProbeChoice, SessionView } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type { ExportOrder, ExportOutcome, Source, SourceListener } from './source.ts';

/** A source whose data is put in by hand, and which remembers what was asked of it. For tests and screens without a device. */
export class MemorySource implements Source {
  readonly answers: { readonly prompt: number; readonly value: string | boolean | null }[] = [];
  readonly exports: ExportOrder[] = [];
  readonly started: ProbeChoice[] = [];
  readonly stopped: string[] = [];
  disconnects = 0;
  reconnects = 0;
  /** What the next export ends in. */
  exportOutcome: ExportOutcome | null = null;
  #listener: SourceListener | null = null;
  readonly #early: ((listener: SourceListener) => void)[] = [];

  subscribe(listener: SourceListener): () => void {
    this.#listener = listener;
    for (const deliver of this.#early.splice(0)) deliver(listener);
    return () => {
      this.#listener = null;
    };
  }

  /** Settles when the listener has taken the batch. */
  push(signals: readonly Signal[]): Promise<void> {
    return new Promise((resolve) => this.#deliver((to) => void to.signals(signals).then(resolve)));
  }

  show(view: SessionView): void {
    this.#deliver((to) => to.view(view));
  }

  fail(fault: Fault): void {
    this.#deliver((to) => to.fault(fault));
  }

  answer(prompt: number, value: string | boolean | null): void {
    this.answers.push({ prompt, value });
  }

  disconnect(): void {
    this.disconnects++;
  }

  reconnectNow(): void {
    this.reconnects++;
  }

  startProbe(choice: ProbeChoice): void {
    this.started.push(choice);
  }

  stopProbe(probe: string): void {
    this.stopped.push(probe);
  }

  exportTo(order: ExportOrder): Promise<ExportOutcome> {
    this.exports.push(order);
    return Promise.resolve(this.exportOutcome ?? { ok: true, file: order.file });
  }

  #deliver(action: (listener: SourceListener) => void): void {
    if (this.#listener) action(this.#listener);
    else this.#early.push(action);
  }
}
