import type { Ask, SshConnection } from '../ssh/index.ts';
import type { DeviceFacts } from './facts.ts';
import type { RootShell } from './root-shell.ts';

export function becomeRoot(
  _ssh: SshConnection,
  _facts: DeviceFacts,
  _ask: Ask,
  _options?: { readonly signal?: AbortSignal | undefined; readonly log?: (line: string) => void },
): Promise<RootShell> {
  return Promise.reject(new Error('not built yet'));
}
