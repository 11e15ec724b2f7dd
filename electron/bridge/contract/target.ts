/** What is connected to, and what was before. */

/** What the connect form (or command line) says. Secrets are never in here; they are asked for when needed. */
export interface Target {
  /** `[user@]host[:port]` or a Host of ~/.ssh/config. */
  readonly destination: string;
  /** Private key files to try first; empty = those of ~/.ssh/config and the defaults. */
  readonly identityFiles: readonly string[];
  /** null = ~/.ssh/known_hosts */
  readonly knownHostsFile: string | null;
  /** What is to run from the start, at least one, each probe once. */
  readonly probes: readonly ProbeChoice[];
  /** false: nothing is recorded; what just happened can still be kept. */
  readonly record?: boolean;
}

export interface ProbeChoice {
  /** Manifest id. */
  readonly probe: string;
  /** By manifest option name. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a window starts where nobody chose. */
export const DEFAULT_PROBES = ['cpu-profile', 'syscalls'] as const;

export interface RecentDevice {
  readonly destination: string;
  readonly identityFiles: readonly string[];
  readonly lastUsedMs: number;
  readonly hostname: string;
  readonly osName: string;
}

export interface RecentRecording {
  readonly file: string;
  readonly hostname: string;
  readonly startedMs: number;
  readonly bytes: number;
}
