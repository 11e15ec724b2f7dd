/** One device session as its users (session host, command line, tests) see it. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type { RecordingView, SessionView } from '../bridge/contract.ts';

export interface SessionSink {
  /** Now and then while something moves, and always after the last change: a later view replaces an earlier one. */
  onView(view: SessionView): void;
  /**
   * Decoded records in order, names demangled. Resolving is the acknowledgement: at most MAX_UNACKED batches are
   * unresolved, then windows wait and are merged. Must not reject.
   */
  onSignals(signals: readonly Signal[]): Promise<void>;
  /** Something went wrong that the session survives. */
  onFault(fault: Fault): void;
}

export interface SessionEnd {
  /** null = ended because it was asked to. */
  readonly fault: Fault | null;
  /** null = nothing was recorded. */
  readonly recording: RecordingView | null;
}

export interface Session {
  /** To the prompt that the last view showed. null = the user declined. An answer to an older prompt is ignored. */
  answer(prompt: number, value: string | boolean | null): void;
  /** Ends it in whatever state it is: stops the agent, closes the link, finishes the recording. Idempotent. */
  disconnect(): void;
  /** While reconnecting: does not wait for the back-off. */
  reconnectNow(): void;
  /** In the place of a run of it with other options. While the link is away it waits. The answer is a probe signal. */
  startProbe(probe: string, options: Readonly<Record<string, string>>): void;
  stopProbe(probe: string): void;
  /** Resolves once nothing of the session is left; never rejects for an expected failure. */
  readonly done: Promise<SessionEnd>;
}
