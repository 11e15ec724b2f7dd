import type { Shell, SshConnection } from '../ssh/index.ts';
import type { PlaceFacts } from './facts.ts';

/** The same connection with root's rights: each exec and spawn is a fresh channel. */
export interface RootShell extends Shell {
  readonly how: 'root' | 'sudo' | 'sudo-password' | 'doas';
  /** Candidates for the private directory as root sees them. */
  readonly places: readonly PlaceFacts[];
  /** The same rights on a new connection to the same device, without asking again. */
  on(ssh: SshConnection): RootShell;
}
