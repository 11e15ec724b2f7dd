import type { RootShell } from './root-shell.ts';

export interface RemoveReport {
  readonly killed: readonly { readonly pid: number; readonly command: string }[];
  readonly removed: readonly string[];
  /** What a second look found still there; empty = proven clean. */
  readonly left: { readonly processes: readonly string[]; readonly paths: readonly string[] };
}

export function remove(_root: RootShell, _options?: { readonly signal?: AbortSignal | undefined }): Promise<RemoveReport> {
  return Promise.reject(new Error('not built yet'));
}
