/** The real rooms behind SessionDeps. */
import type { SessionDeps } from './deps.ts';

export interface LiveOptions {
  /** Where the loaders and the agent bundle lie. */
  readonly artifactsDir: string;
  /** The recording is made in here under a name of its own; the folder is made if need be. */
  readonly recordingDir: string;
  /** Instead of a file in recordingDir. */
  readonly recordingFile: string | null;
}

export function liveDeps(_options: LiveOptions): SessionDeps {
  throw new Error('being written');
}
