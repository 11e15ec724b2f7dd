/** One device session as its users (session host, command line, tests) see it. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Mark } from '../../remote-agent/protocol/marks.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type { RecordingView, SessionView } from '../bridge/contract.ts';
import type { DeviceFacts, Installation } from '../device/index.ts';
import type { Shell } from '../ssh/index.ts';

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

/** A device that is reached, for more than the session itself does there. */
export interface ReachedDevice {
  /** With root's rights. Its commands go over the session's own connection, and end with it. */
  readonly shell: Shell;
  /** Path of the installed loader. */
  readonly loader: string;
  readonly facts: DeviceFacts;
  readonly installation: Installation;
}

/** What just happened, in a recording of its own. */
export interface Kept {
  readonly file: string;
  readonly seconds: number;
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
  /** Into the recording, in the place of those before. */
  setMarks(marks: readonly Mark[]): void;
  /** In the place of those before; each firing is a note signal. Also after a cut and with a new agent. */
  setTriggers(triggers: readonly string[]): void;
  /** The last seconds, whether the session is recorded or not. Rejects with a FaultError where there is nothing to keep. */
  keepLast(seconds: number): Promise<Kept>;
  /** null while it cannot be reached. */
  device(): ReachedDevice | null;
  /** Resolves once nothing of the session is left; never rejects for an expected failure. */
  readonly done: Promise<SessionEnd>;
}
