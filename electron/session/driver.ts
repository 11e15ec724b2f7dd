import type { Target } from '../bridge/contract.ts';
import type { SessionDeps } from './deps.ts';
import type { Session, SessionSink } from './session.ts';

/** Starts at once; every session records from its first frame. */
export function startSession(_target: Target, _deps: SessionDeps, _sink: SessionSink): Session {
  throw new Error('being written');
}
