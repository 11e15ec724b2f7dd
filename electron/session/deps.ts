/** What a session needs from other rooms and from its surroundings; tests put fakes here. */
import type { Fault, Signal } from '../../remote-agent/protocol/index.ts';
import type {
  AgentClient,
  Artifacts,
  DeviceFacts,
  DialOptions,
  Installation,
  InstallOptions,
  LoaderArch,
  ResumePoint,
  RootShell,
} from '../device/index.ts';
import type { RecordingWriter } from '../recording/index.ts';
import type { Ask, ConnectOptions, SshConnection, SshTarget } from '../ssh/index.ts';

export interface SessionDeps {
  readonly clock: Clock;
  readonly clientVersion: string;
  readonly leaseS: number;
  connect(target: SshTarget, options: ConnectOptions): Promise<SshConnection>;
  detect(ssh: SshConnection, options: { readonly signal: AbortSignal }): Promise<DeviceFacts>;
  becomeRoot(
    ssh: SshConnection,
    facts: DeviceFacts,
    ask: Ask,
    options: { readonly signal: AbortSignal },
  ): Promise<RootShell>;
  findArtifacts(arch: LoaderArch): Promise<Artifacts>;
  install(root: RootShell, facts: DeviceFacts, artifacts: Artifacts, options: InstallOptions): Promise<Installation>;
  dial(root: RootShell, installation: Installation, options: DialOptions): Promise<AgentClient>;
  /** Fault agent-crashed where the run is gone. */
  redial(root: RootShell, previous: ResumePoint, options: DialOptions): Promise<AgentClient>;
  /** The host name names the file. Raises `file-io` where it cannot be made; `onFault`: it cannot go on. null = none. */
  readonly createRecording:
    | ((
        about: { readonly destination: string; readonly hostname: string },
        onFault: (fault: Fault) => void,
      ) => Promise<RecordingWriter>)
    | null;
  /** The same for what just happened, which began at `startedMs`. null = nothing can be kept. */
  readonly createKept:
    | ((about: {
        readonly destination: string;
        readonly hostname: string;
        readonly startedMs: number;
      }) => Promise<RecordingWriter>)
    | null;
  /** A recording that was closed and is worth nothing. */
  discardRecording(file: string): Promise<void>;
  /** The same with readable names. */
  demangle(signal: Signal): Signal;
}

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Date.now() */
  wall(): number;
  /** Returns its own closer. */
  after(ms: number, action: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
