import type { ExportKind, ProbeChoice, SessionView } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { MonotonicNs, Signal } from '../../remote-agent/protocol/signal.ts';

/** Where one session's data comes from: a device, a recording, a test. Whoever listens cannot tell which. */
export interface Source {
  /**
   * Starts the flow. One listener per source; what arrived before is delivered first. Returns the closer, which also
   * lets go of the source: nothing is delivered after it.
   */
  subscribe(listener: SourceListener): () => void;
  /** `value`: text for a secret, true/false for a host key, null = cancelled. */
  answer(prompt: number, value: string | boolean | null): void;
  /** Ends the session; the view becomes `ended` and the data stays. */
  disconnect(): void;
  reconnectNow(): void;
  /** Live sessions only. What became of it comes as a probe signal. */
  startProbe(choice: ProbeChoice): void;
  stopProbe(probe: string): void;
  exportTo(order: ExportOrder): Promise<ExportOutcome>;
}

export interface SourceListener {
  /** Batches come in order. The sender goes on when the promise settles: that is the back-pressure. */
  signals(batch: readonly Signal[]): Promise<void>;
  view(view: SessionView): void;
  /** Something failed which does not change the session's state. */
  fault(fault: Fault): void;
}

export interface ExportOrder extends ExportKind {
  readonly file: string;
  /** null = all of the session, also what the window has forgotten. */
  readonly range: { readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs } | null;
}

export type ExportOutcome =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly fault: Fault };
