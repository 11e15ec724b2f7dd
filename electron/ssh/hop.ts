/** One host to log in to, with everything settled: the destination itself or a jump host before it. */
export interface Hop {
  /** As the user names it; messages say this. */
  readonly host: string;
  /** What is really dialled. */
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly IdentityFile[];
  /** Keys of the SSH agent are tried only where they belong to one of the files. */
  readonly identitiesOnly: boolean;
  readonly agentSocket: string;
  /** Read in this order; an accepted key is added to the first. */
  readonly knownHostsFiles: readonly string[];
  /** Of those, the ones that are the user's own and not the system's. */
  readonly userKnownHostsFiles: readonly string[];
  /** null = accepted keys are not kept (UserKnownHostsFile none). */
  readonly addHostKeyTo: string | null;
  readonly hashKnownHosts: boolean;
  /** Name in known_hosts: HostKeyAlias, or host and port. */
  readonly knownHostName: string;
  readonly acceptHostKey: string | null;
}

export interface IdentityFile {
  readonly path: string;
  /** given and config: the user named it, so it must be usable. default: tried where it exists. */
  readonly from: 'given' | 'config' | 'default';
}
