/**
 * What a session can be, what can happen to it, and what is to be done then.
 *
 *      idle ─▶ connecting ─▶ starting ─▶ live ◀─▶ reconnecting
 *                  │             │         │           │
 *                  ╰─────────────┴────┬────┴───────────╯
 *                                     ▼
 *                                  ending ─▶ ended
 */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Prompt } from '../bridge/contract.ts';
import type { StepChange, Steps } from './steps.ts';

/** What stays true of a device while its session lives. */
export interface DeviceLink {
  readonly user: string;
  readonly address: string;
  /** How long the agent outlives the link. */
  readonly leaseMs: number;
}

export type State =
  | { readonly kind: 'idle' }
  /** An attempt to reach the device is alive. */
  | { readonly kind: 'connecting'; readonly steps: Steps; readonly prompt: Prompt | null }
  /** Link and agent are alive; the probe is being started. */
  | { readonly kind: 'starting'; readonly steps: Steps; readonly link: DeviceLink }
  /** Link, agent and probe are alive. */
  | { readonly kind: 'live'; readonly steps: Steps; readonly link: DeviceLink; readonly agentRestarts: number }
  /** The agent is alive as far as anybody knows; the link is not, or `attempting` to be. */
  | {
      readonly kind: 'reconnecting';
      readonly steps: Steps;
      readonly link: DeviceLink;
      readonly agentRestarts: number;
      readonly sinceMs: number;
      readonly giveUpMs: number;
      /** Attempts begun, the running one included. */
      readonly attempt: number;
      readonly phase: 'waiting' | 'attempting' | 'restarting';
      readonly why: string;
    }
  /** Being taken down; nothing but `closed` matters any more. */
  | { readonly kind: 'ending'; readonly steps: Steps; readonly fault: Fault | null }
  | { readonly kind: 'ended'; readonly steps: Steps; readonly fault: Fault | null };

export type Event =
  | { readonly kind: 'start' }
  | { readonly kind: 'step'; readonly change: StepChange }
  | { readonly kind: 'asked'; readonly prompt: Prompt }
  | { readonly kind: 'answered' }
  /** An agent answers: a new run of it. */
  | { readonly kind: 'reached'; readonly link: DeviceLink }
  | { readonly kind: 'probe-started' }
  /** The session cannot go on: the way to the device, the probe, or the stream failed. */
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'link-lost'; readonly fault: Fault }
  /** The back-off is over. */
  | { readonly kind: 'retry-due' }
  /** The agent cannot be reached now; later perhaps. */
  | { readonly kind: 'retry-failed'; readonly fault: Fault }
  /** The same agent run, from the record after the last one. */
  | { readonly kind: 'resumed' }
  /** The agent run exists no more, though the device can be reached. */
  | { readonly kind: 'agent-gone'; readonly fault: Fault }
  | { readonly kind: 'lease-over' }
  | { readonly kind: 'reconnect-now' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'closed' };

export type Effect =
  /** Connect, detect, become root, install, start an agent → reached | failed. */
  | { readonly kind: 'reach' }
  /** → probe-started | failed */
  | { readonly kind: 'start-probe' }
  /** The agent, if it lives, goes on for its lease. */
  | { readonly kind: 'drop-link' }
  /** → retry-due */
  | { readonly kind: 'wait'; readonly ms: number }
  /** → lease-over */
  | { readonly kind: 'wait-for-lease'; readonly ms: number }
  /** In the place of whatever attempt runs. → resumed | retry-failed | agent-gone | failed */
  | { readonly kind: 'retry' }
  /** All of `reach` on the same device → reached | failed */
  | { readonly kind: 'restart-agent' }
  /** Into the recording. */
  | { readonly kind: 'note'; readonly text: string }
  /** Stops whatever attempt runs, asks the agent to end, finishes the recording → closed */
  | { readonly kind: 'close' };

export interface Next {
  readonly state: State;
  readonly effects: readonly Effect[];
}
