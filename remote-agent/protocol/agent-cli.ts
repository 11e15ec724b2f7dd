/**
 * How the agent is started on the device. The workstation builds the command, the agent reads it: both from here.
 *
 *      LOADER daemon RUN_DIR/log -- NODE flags… AGENT serve --dir RUN_DIR --loader LOADER --lease SECONDS
 *      LOADER relay RUN_DIR/sock            its stdin and stdout are then the byte stream of framing.ts
 */

/**
 * For Node 18 to 24, on which the agent must stay below 64 MB resident together with the loader (measured; Debian's
 * Node 18 alone takes 49 MB):
 *   --max-semi-space-size, --max-old-space-size   a small heap: live data are a few MB
 *   --no-opt          no optimizing compiler: its code is never paged in (−3.5 MB) and it needs no working memory
 *                     (−3 MB); the agent is waiting for most of the time, and costs the same CPU without it
 *   --single-threaded, --v8-pool-size=1           fewer threads, each with a malloc arena of its own (−3 MB)
 *   --max-lazy, --optimize-for-size               less compiled that runs once
 *   --expose-gc       the agent collects when it is idle: agent/self/heap.ts
 */
export const AGENT_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
  '--no-opt',
  '--single-threaded',
  '--v8-pool-size=1',
  '--max-lazy',
  '--optimize-for-size',
  '--expose-gc',
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
