/** What to connect to, as the caller says it. The bridge's Target is one. */
export interface SshTarget {
  /** `[user@]host[:port]`, IPv6 in brackets, or a Host of the configuration file. */
  readonly destination: string;
  /** Private key files tried before all others. */
  readonly identityFiles: readonly string[];
  /** null = what the configuration file says, else ~/.ssh/known_hosts. Accepted keys are added here. */
  readonly knownHostsFile: string | null;
  /** `SHA256:…`: accept an unknown host key with exactly this fingerprint without asking, and no other. */
  readonly acceptHostKey?: string;
  /** Where this user's and this machine's SSH files are; tests point it elsewhere. */
  readonly places?: Partial<SshPlaces>;
}

export interface SshPlaces {
  readonly home: string;
  /** The local user: the remote user where nobody names another. */
  readonly user: string;
  readonly configFile: string;
  readonly systemConfigFile: string;
  readonly systemKnownHostsFile: string;
  /** Socket of the SSH agent; '' = none. */
  readonly agentSocket: string;
}
