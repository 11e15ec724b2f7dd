/** Session hosts: one utility process per session, its port handed to the window; main only starts and ends them. */
import { randomUUID } from 'node:crypto';
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { type HostJob, type HostToMain, isHostToMain, type MainToHost, type Secret } from '../bridge/index.ts';

/** The host waits at most 8 s for the agent's last windows and writes the end of the recording; then it is killed. */
const CLOSE_MS = 12_000;

type LiveJob = Extract<HostJob, { kind: 'live' }>;

interface Host {
  readonly process: UtilityProcess;
  readonly job: HostJob;
  readonly exited: Promise<void>;
  phase: 'starting' | 'connected' | 'ended';
  /** The recording that it reads or writes; null = none yet. */
  file: string | null;
}

export interface SessionHooks {
  readonly handOver: (sessionId: string, port: MessagePortMain) => void;
  readonly connected: (job: LiveJob, device: Extract<HostToMain, { kind: 'connected' }>) => void;
  /** The device has accepted them, and the user wants them remembered. */
  readonly keepSecrets: (job: LiveJob, secrets: readonly Secret[]) => void;
  /** What a host wrote as it failed. */
  readonly complained: (words: string) => void;
}

export class Sessions {
  readonly #hosts = new Map<string, Host>();
  readonly #script: string;
  readonly #hooks: SessionHooks;
  /** Waits for a job. */
  #spare: UtilityProcess | null = null;

  constructor(script: string, hooks: SessionHooks) {
    this.#script = script;
    this.#hooks = hooks;
  }

  get count(): number {
    return this.#hosts.size;
  }

  /** A device is reached: what is seen of it ends with its host. */
  get isWatching(): boolean {
    return [...this.#hosts.values()].some(({ phase }) => phase === 'connected');
  }

  /** Somebody is about to begin a session: its process starts while they choose a file, or while the window opens. */
  prepare(): void {
    if (this.#spare) return;
    const spare = this.#fork();
    this.#spare = spare;
    spare.once('exit', () => {
      if (this.#spare === spare) this.#spare = null;
    });
  }

  /** They chose nothing. */
  forgo(): void {
    this.#spare?.kill();
    this.#spare = null;
  }

  /** The new session's id. */
  start(job: HostJob): string {
    if (job.kind === 'live') this.#refuseSecond(job.target.destination);
    const sessionId = randomUUID();
    const child = this.#spare ?? this.#fork();
    this.#spare = null;
    const host: Host = {
      process: child,
      job,
      phase: 'starting',
      file: job.kind === 'replay' ? job.file : null,
      exited: new Promise((resolve) => child.once('exit', () => resolve())),
    };
    this.#hosts.set(sessionId, host);
    void host.exited.then(() => this.#hosts.delete(sessionId));
    child.on('message', (message: unknown) => this.#receive(host, message));
    const { port1, port2 } = new MessageChannelMain();
    tell(child, { kind: 'job', job }, port1);
    this.#hooks.handOver(sessionId, port2);
    return sessionId;
  }

  /** Resolves when nothing of it is left, after CLOSE_MS at the latest. Unknown ids are gone already. */
  async close(sessionId: string): Promise<void> {
    const host = this.#hosts.get(sessionId);
    if (!host) return;
    tell(host.process, { kind: 'close' });
    const timer = setTimeout(() => host.process.kill(), CLOSE_MS);
    await host.exited;
    clearTimeout(timer);
  }

  /** Recordings that are read or written now. */
  openFiles(): ReadonlySet<string> {
    return new Set([...this.#hosts.values()].flatMap(({ file }) => file ?? []));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#hosts.keys()].map((sessionId) => this.close(sessionId)));
  }

  /** The user chose this file to be written. Any host may do it: the window says which one shall. */
  grantFile(file: string): void {
    for (const host of this.#hosts.values()) tell(host.process, { kind: 'grant-file', file });
  }

  #fork(): UtilityProcess {
    const child = utilityProcess.fork(this.#script, [], {
      serviceName: 'Sonde session',
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', this.#hooks.complained);
    return child;
  }

  #refuseSecond(destination: string): void {
    for (const { job, phase } of this.#hosts.values()) {
      if (phase === 'starting' && job.kind === 'live' && job.target.destination === destination)
        raise(
          'bad-option',
          `cannot connect to ${destination}: a connection to it is being made already`,
          'Wait for it, or cancel it first.',
        );
    }
  }

  #receive(host: Host, message: unknown): void {
    if (!isHostToMain(message)) return console.error('a session host sent a message of unknown shape; it is ignored');
    if (message.kind === 'records') {
      host.file = message.file;
      return;
    }
    if (message.kind === 'keep-secrets') {
      if (host.job.kind === 'live') this.#hooks.keepSecrets(host.job, message.secrets);
      return;
    }
    host.phase = message.kind;
    if (message.kind === 'connected' && host.job.kind === 'live') this.#hooks.connected(host.job, message);
  }
}

function tell(child: UtilityProcess, message: MainToHost, port?: MessagePortMain): void {
  child.postMessage(message, port ? [port] : []);
}
