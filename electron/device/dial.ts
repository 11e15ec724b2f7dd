/** Starts an agent and connects to it, or connects again to one that runs. */
import type { AgentClient, ResumePoint } from './agent-client.ts';
import type { Installation } from './install.ts';
import type { RootShell } from './root-shell.ts';

export interface DialOptions {
  /** How long the agent outlives its link. */
  readonly leaseS: number;
  readonly clientVersion: string;
  readonly signal?: AbortSignal | undefined;
  readonly log?: (line: string) => void;
}

export function dial(_root: RootShell, _installation: Installation, _options: DialOptions): Promise<AgentClient> {
  return Promise.reject(new Error('not built yet'));
}

/** Fault agent-crashed where the run is gone: dial() a new one then. */
export function redial(_root: RootShell, _previous: ResumePoint, _options: DialOptions): Promise<AgentClient> {
  return Promise.reject(new Error('not built yet'));
}
