import type { Ask } from './ask.ts';
import type { SshConnection } from './connection.ts';
import type { SshTarget } from './target.ts';

export interface ConnectOptions {
  readonly ask: Ask;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being tried, in words; never a secret. */
  readonly log?: (line: string) => void;
}

export function connect(_target: SshTarget, _options: ConnectOptions): Promise<SshConnection> {
  return Promise.reject(new Error('not built yet'));
}
