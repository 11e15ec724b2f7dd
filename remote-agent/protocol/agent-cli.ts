/**
 * How the agent is started on the device. The workstation builds the command, the agent reads it: both from here.
 *
 *      LOADER daemon RUN_DIR/log -- NODE flags… AGENT serve --dir RUN_DIR --loader LOADER --lease SECONDS
 *             [--keep DIR/flight --clock MS]
 *      LOADER daemon DIR/log -- NODE flags… AGENT unattended --dir DIR --loader LOADER
 *      LOADER relay RUN_DIR/sock            its stdin and stdout are then the byte stream of framing.ts
 */

/**
 * For Node 18 to 24, on which the agent must stay below 64 MB resident together with the loader (measured; Debian's
 * Node 18 alone takes 49 MB). Only flags with which V8 still takes the compiled code that Node brings for its own
 * modules; the agent sets the others itself (agent/self/engine.ts):
 *   --v8-pool-size=1, --single-threaded-gc   fewer threads, each with a malloc arena of its own (−3 MB)
 *   --no-memory-reducer                      no collections only because nothing happens: heap.ts decides (−0.3 % CPU)
 */
export const AGENT_NODE_FLAGS: readonly string[] = ['--v8-pool-size=1', '--single-threaded-gc', '--no-memory-reducer'];

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
  /** Without it, what an agent that has lost its client still has ends with it. */
  readonly keep?: KeepPlace | null;
}

/** Where an agent leaves the last that it had of a session that broke off. */
export interface KeepPlace {
  /** That of the unattended recordings; made if need be. */
  readonly folder: string;
  /** The workstation's clock when the agent was started, ms since 1970: the device's may say anything. */
  readonly workstationMs: number;
}

export function socketPath(runDir: string): string {
  return `${runDir}/sock`;
}

export function logPath(runDir: string): string {
  return `${runDir}/log`;
}

/** Runs in the foreground until it ends by itself; not quoted for any shell. */
export function serveCommand({ node, agent, loader, runDir, leaseS, keep }: ServePaths): string[] {
  const keeping = keep ? ['--keep', keep.folder, '--clock', String(keep.workstationMs)] : [];
  const serving = ['serve', '--dir', runDir, '--loader', loader, '--lease', String(leaseS), ...keeping];
  return [node, ...AGENT_NODE_FLAGS, agent, ...serving];
}

/** Returns as soon as the agent runs on its own, with stdout and stderr in the log. */
export function daemonCommand(paths: ServePaths): string[] {
  return [paths.loader, 'daemon', logPath(paths.runDir), '--', ...serveCommand(paths)];
}

/** Records by itself what `dir`/plan.json says; nobody is connected to it. Returns as soon as it runs on its own. */
export function unattendedCommand({ node, agent, loader, runDir }: Omit<ServePaths, 'leaseS' | 'keep'>): string[] {
  const command = [node, ...AGENT_NODE_FLAGS, agent, 'unattended', '--dir', runDir, '--loader', loader];
  return [loader, 'daemon', logPath(runDir), '--', ...command];
}

export function relayCommand(loader: string, runDir: string): string[] {
  return [loader, 'relay', socketPath(runDir)];
}
