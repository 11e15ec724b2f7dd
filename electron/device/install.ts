/** Puts loader, Node runtime and agent into one private directory on the device. */
import type { Artifacts } from './artifacts.ts';
import type { DeviceFacts } from './facts.ts';
import type { RootShell } from './root-shell.ts';

export type UploadName = 'loader' | 'node' | 'agent';

export interface InstallProgress {
  readonly file: UploadName;
  readonly state: 'skipped' | 'sending' | 'done';
  /** Bytes as they travel. */
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** "Node 18.19.0 on the device", "sending 24 MB". */
  readonly detail: string;
}

export interface InstallOptions {
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly log?: (line: string) => void;
}

/** Where everything is on the device. */
export interface Installation {
  readonly dir: string;
  readonly loader: string;
  readonly agent: string;
  readonly node: string;
  readonly nodeVersion: string;
  /** The runtime was sent by us. */
  readonly ownNode: boolean;
}

export function install(_root: RootShell, _facts: DeviceFacts, _artifacts: Artifacts, _options?: InstallOptions): Promise<Installation> {
  return Promise.reject(new Error('not built yet'));
}
