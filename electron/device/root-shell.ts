/** Root's rights over an SSH connection, in whichever way they were had. */
import type { Shell, SshConnection } from '../ssh/index.ts';
import type { PlaceFacts } from './facts.ts';

export interface RootShell extends Shell {
  readonly how: 'root' | 'sudo' | 'sudo-password' | 'doas';
  /** Candidates for the private directory as root sees them. */
  readonly places: readonly PlaceFacts[];
  /** The same rights on a new connection to the same device, without asking again. */
  on(ssh: SshConnection): RootShell;
}

/** `shellOn` makes the shell with root's rights on any connection to the device. */
export function rootShell(
  how: RootShell['how'],
  places: readonly PlaceFacts[],
  ssh: Shell,
  shellOn: (ssh: Shell) => Shell,
): RootShell {
  const { exec, spawn } = shellOn(ssh);
  return { how, places, exec, spawn, on: (other) => rootShell(how, places, other, shellOn) };
}
