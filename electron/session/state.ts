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

/** Why there is no picture just now, and for how long it is tried to get it back. */
export interface Outage {
  readonly sinceMs: number;
  readonly giveUpMs: number;
  /** Attempts begun, the running one included. */
  readonly attempt: number;
  readonly why: string;
}

export type State =
  | { readonly kind: 'idle' }
  /** An attempt to reach the device is alive. */
  | { readonly kind: 'connecting'; readonly steps: Steps; readonly prompt: Prompt | null }
  /** Link and agent are alive; probes are being started. */
  | {
      readonly kind: 'starting';
      readonly steps: Steps;
      readonly link: DeviceLink;
      readonly agentRestarts: number;
      /** What this is the end of; null = the first start. */
      readonly outage: Outage | null;
    }
  /** Link and agent are alive, and a probe, unless the user has stopped them all. */
  | { readonly kind: 'live'; readonly steps: Steps; readonly link: DeviceLink; readonly agentRestarts: number }
  /** The link is not there, or the agent is not, which `to` says. */
  | {
      readonly kind: 'reconnecting';
      readonly steps: Steps;
      readonly link: DeviceLink;
      readonly agentRestarts: number;
      readonly outage: Outage;
      /** The agent that is there as far as anybody knows, or a new one in its place. */
      readonly to: 'resume' | 'restart';
      readonly phase: 'waiting' | 'attempting';
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
  /** What should run runs, as far as it can: at least one probe, or none is wanted. */
  | { readonly kind: 'probes-started' }
  /** The session cannot go on: the way to the device, its last probe, or the stream failed. */
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
  /** Asks the agent for whatever should run and has not been answered → probes-started | failed */
  | { readonly kind: 'start-probes' }
  /** The agent, if it lives, goes on for its lease. */
  | { readonly kind: 'drop-link' }
  /** → retry-due */
  | { readonly kind: 'wait'; readonly ms: number }
  /** → lease-over */
  | { readonly kind: 'wait-for-lease'; readonly ms: number }
  /** In the place of whatever attempt runs. → resumed | retry-failed | agent-gone | failed */
  | { readonly kind: 'retry' }
  /** All of `reach` on the same device → reached | retry-failed | failed */
  | { readonly kind: 'restart-agent' }
  /** Into the recording. */
  | { readonly kind: 'note'; readonly text: string }
  /** Stops whatever attempt runs, asks the agent to end, finishes the recording → closed */
  | { readonly kind: 'close' };

export interface Next {
  readonly state: State;
  readonly effects: readonly Effect[];
}
