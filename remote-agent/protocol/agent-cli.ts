/**
 * How the agent is started on the device. The workstation builds the command, the agent reads it: both from here.
 *
 *      LOADER daemon RUN_DIR/log -- NODE flags… AGENT serve --dir RUN_DIR --loader LOADER --lease SECONDS
 *      LOADER relay RUN_DIR/sock            its stdin and stdout are then the byte stream of framing.ts
 */

/** Bounds V8's share of the 64 MB that agent and loader together may hold. */
export const AGENT_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
  '--optimize-for-size',
];

/** A link that is gone for longer than this ends the agent, unless the client asks for another lease. */
export const DEFAULT_LEASE_S = 60;
export const MAX_LEASE_S = 3600;
/** An agent whose first client does not come by then ends by itself. */
export const FIRST_CLIENT_TIMEOUT_S = 60;
/** sockaddr_un holds 108 bytes with the NUL. */
export const MAX_SOCKET_PATH_BYTES = 107;

export interface ServePaths {
  readonly node: string;
  readonly agent: string;
  readonly loader: string;
  readonly runDir: string;
  readonly leaseS: number;
}

export function socketPath(runDir: string): string {
  return `${runDir}/sock`;
}

export function logPath(runDir: string): string {
  return `${runDir}/log`;
}

/** Runs in the foreground until it ends by itself; not quoted for any shell. */
export function serveCommand({ node, agent, loader, runDir, leaseS }: ServePaths): string[] {
  return [node, ...AGENT_NODE_FLAGS, agent, 'serve', '--dir', runDir, '--loader', loader, '--lease', String(leaseS)];
}

/** Returns as soon as the agent runs on its own, with stdout and stderr in the log. */
export function daemonCommand(paths: ServePaths): string[] {
  return [paths.loader, 'daemon', logPath(paths.runDir), '--', ...serveCommand(paths)];
}

export function relayCommand(loader: string, runDir: string): string[] {
  return [loader, 'relay', socketPath(runDir)];
}
