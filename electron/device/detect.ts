import type { SshConnection } from '../ssh/index.ts';
import type { DeviceFacts } from './facts.ts';

export function detect(_ssh: SshConnection, _options?: { readonly signal?: AbortSignal | undefined }): Promise<DeviceFacts> {
  return Promise.reject(new Error('not built yet'));
}
