import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { AgentFrame } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import type { Installation } from './install.ts';

/** All that is needed to find the same agent run again over another connection. */
export interface ResumePoint {
  readonly installation: Installation;
  readonly runDir: string;
  /** Lower-case hex of Welcome.run_id. */
  readonly runId: string;
  /** Highest record sequence number handed to onFrame. */
  readonly lastSeq: number;
}

export interface Welcome {
  readonly agentVersion: string;
  /** Lower-case hex. */
  readonly runId: string;
  readonly nextSeq: number;
  /** > 0: records below this are gone: the agent's spool was full, or it is another run. */
  readonly lostBeforeSeq: number;
  readonly leaseS: number;
  readonly pid: number;
}

export interface PongTimes {
  readonly rttMs: number;
  readonly monotonicNs: number;
  readonly realtimeNs: number;
}

/** Why the stream to the agent ended. */
export type AgentEnd =
  | { readonly kind: 'closed' } // by close() or shutdown()
  | { readonly kind: 'farewell'; readonly reason: string } // the agent said goodbye
  | { readonly kind: 'lost'; readonly fault: Fault }; // relay or link ended; the agent may live on: redial

/** The typed client of one agent over one channel. */
export interface AgentClient {
  readonly welcome: Welcome;
  /**
   * Every frame but Pong, in order, with the bytes as received (the payload of a record goes into the recording as it
   * is; it is only valid during the call). Nothing is read from the device before the first listener is there; while a
   * returned promise is pending no further frame is delivered: that is the back-pressure. Returns its own closer.
   */
  onFrame(listener: (frame: AgentFrame, payload: Uint8Array) => void | Promise<void>): () => void;
  startProbe(probe: string, options: Readonly<Record<string, string>>): void;
  stopProbe(probe: string): void;
  /** In the place of those before, as protocol/triggers.ts writes them. */
  setTriggers(triggers: readonly string[]): void;
  /** Records up to seq are safe here; the agent may forget them. */
  ack(seq: number): void;
  ping(): Promise<PongTimes>;
  /** Last measured round trip; null before the first ping. */
  readonly rttMs: number | null;
  readonly receivedBytes: number;
  readonly resumePoint: ResumePoint;
  /** Asks the agent to end and waits for its goodbye, at most `graceMs` (default 3 s). */
  shutdown(reason: string, graceMs?: number): Promise<void>;
  /** Leaves the agent running for its lease. */
  close(): void;
  /** Never rejects. */
  readonly closed: Promise<AgentEnd>;
}
