/** Owns what is open towards the device (connection, rights, agent) and tells the state machine what becomes of it. */
import { type AgentFrame, type Fault, type FaultCode, wrapFault } from '../../remote-agent/protocol/index.ts';
import type { AgentClient, AgentEnd, DialOptions, ResumePoint } from '../device/index.ts';
import type { Ask, SshConnection, SshTarget } from '../ssh/index.ts';
import { AttachedAgent } from './attached-agent.ts';
import type { SessionDeps } from './deps.ts';
import { faultOrThrow, type Reached, reachDevice } from './reach.ts';
import type { DeviceLink, Event } from './state.ts';
import type { StepChange } from './steps.ts';
import type { ReachedDevice } from './session.ts';
import { within } from './within.ts';

/**
 * The agent's goodbye is waited for this long; after that its lease ends it. Before it come the last windows of its
 * probes, which a busy single-core box takes seconds to drain and send.
 */
const GOODBYE_MS = 8000;
/** An attempt that was told to stop takes away what it had half sent: a command or two on a slow device. */
const STOPPING_MS = 2000;
/** For the connection to say goodbye. */
const LETTING_GO_MS = 500;
/** An attempt that began while the cable was out hangs also after it is in again: short tries first, then for slow devices. */
const PATIENCE_MS = 5000;
const LONGEST_PATIENCE_MS = 20_000;
/** Trying again cannot help, or would be unsafe. */
const FINAL: readonly FaultCode[] = ['agent-version', 'host-key-changed', 'host-key-unknown', 'out-of-sync'];

/** The way to the device, which may be open again in a moment. */
const LINK_FAULTS: readonly FaultCode[] = ['host-unreachable', 'link-lost'];
const AGAIN = 'cannot start the agent again';
const REBOOTED: Fault = {
  code: 'link-lost',
  message: 'the device was restarted',
  hint: 'Connect again to start a new recording; this one is kept.',
};

export interface AccessHooks {
  readonly emit: (event: Event) => void;
  /** Settles with the number to acknowledge. */
  readonly onFrame: (frame: AgentFrame, payload: Uint8Array) => Promise<number | null>;
  readonly onNewRun: () => void;
  /** The agent was asked to end and did not say that it has sent everything. */
  readonly onNoGoodbye: () => void;
  readonly onBug: (error: unknown) => void;
}

export class Access {
  readonly #target: SshTarget;
  readonly #deps: SessionDeps;
  readonly #hooks: AccessHooks;
  #device: Omit<Reached, 'agent'> | null = null;
  #agent: AttachedAgent | null = null;
  #resume: ResumePoint | null = null;
  #patienceMs = PATIENCE_MS;
  /** Or being closed by us. */
  readonly #closed = new WeakSet<SshConnection>();
  #attempt: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;

  constructor(target: SshTarget, deps: SessionDeps, hooks: AccessHooks) {
    this.#target = target;
    this.#deps = deps;
    this.#hooks = hooks;
  }

  get agent(): AgentClient | null {
    return this.#agent?.client ?? null;
  }

  get device(): ReachedDevice | null {
    const device = this.#agent && this.#device;
    return (
      device && {
        shell: device.root,
        loader: device.installation.loader,
        facts: device.facts,
        installation: device.installation,
      }
    );
  }

  /** → reached | failed */
  reach(ask: Ask, onStep: (change: StepChange) => void): void {
    this.#try(async (signal) => {
      await this.#adopt(await reachDevice(this.#target, this.#deps, { ask, signal, onStep }), signal);
    }, failed);
  }

  /** → resumed | retry-failed | agent-gone | failed */
  retry(ask: Ask): void {
    this.#try(async (signal) => {
      const device = this.#device;
      const resume = this.#resume;
      if (!device || !resume) throw new Error('nothing to connect to again');
      const ssh = await this.#connection(device.ssh, ask, signal);
      const root = device.root.on(ssh);
      try {
        const client = await this.#deps.redial(root, resume, this.#dialOptions(signal));
        if (signal.aborted) client.close();
        signal.throwIfAborted(); // too late: another attempt runs, or the session ends
        this.#device = { ...device, ssh, root };
        this.#attach(client);
      } catch (error) {
        await this.#hangUp(ssh);
        throw error;
      }
      this.#hooks.emit({ kind: 'resumed' });
    }, retryOutcome);
  }

  /**
   * → reached | retry-failed | failed. Only on the same boot: a new one has another clock, which must not go into this
   * recording.
   */
  restartAgent(ask: Ask): void {
    const bootId = this.#device?.facts.bootId;
    this.#try(
      async (signal) => {
        if (this.#device) await this.#hangUp(this.#device.ssh);
        const reached = await reachDevice(this.#target, this.#deps, { ask, signal, onStep: () => undefined });
        if (reached.facts.bootId !== bootId) {
          await this.#discard(reached);
          return this.#hooks.emit(failed(wrapFault(AGAIN, REBOOTED)));
        }
        await this.#adopt(reached, signal);
      },
      (fault) => ({
        kind: LINK_FAULTS.includes(fault.code) ? 'retry-failed' : 'failed',
        fault: wrapFault(AGAIN, fault),
      }),
    );
  }

  /** The agent goes on for its lease. */
  dropLink(): void {
    if (!this.#agent) return;
    this.#resume = this.#agent.client.resumePoint;
    this.#agent.detach();
    this.#agent = null;
  }

  /** Stops whatever runs, asks the agent to end, closes the connection. Frames are delivered until the agent's goodbye. */
  async close(): Promise<void> {
    this.#attempt?.abort.abort();
    if (this.#attempt) await within(STOPPING_MS, this.#attempt.done, this.#deps.clock);
    if (this.#agent) {
      this.#agent.acknowledge();
      const { client } = this.#agent;
      await this.#sayGoodbye(client);
      this.dropLink();
      if ((await client.closed).kind !== 'farewell') this.#hooks.onNoGoodbye();
    }
    if (this.#device) await this.#hangUp(this.#device.ssh);
  }

  async #adopt(reached: Reached, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return this.#discard(reached);
    const { ssh, agent } = reached;
    this.#device = reached;
    this.#follow(ssh);
    this.#hooks.onNewRun();
    this.#attach(agent);
    const link: DeviceLink = { user: ssh.user, address: ssh.remoteAddress, leaseMs: agent.welcome.leaseS * 1000 };
    this.#hooks.emit({ kind: 'reached', link });
  }

  async #discard({ ssh, agent }: Reached): Promise<void> {
    await this.#sayGoodbye(agent);
    await this.#hangUp(ssh);
  }

  #sayGoodbye(agent: AgentClient): Promise<void> {
    return within(GOODBYE_MS, agent.shutdown('the session was ended', GOODBYE_MS), this.#deps.clock);
  }

  /** A dead link may take long to close; nobody uses it meanwhile. */
  #hangUp(ssh: SshConnection): Promise<void> {
    this.#closed.add(ssh);
    return within(LETTING_GO_MS, ssh.close(), this.#deps.clock);
  }

  /** The connection that is there, if it still is. */
  async #connection(present: SshConnection, ask: Ask, signal: AbortSignal): Promise<SshConnection> {
    if (!this.#closed.has(present)) return present;
    const patience = new AbortController();
    const stop = this.#deps.clock.after(this.#patienceMs, () => patience.abort());
    this.#patienceMs = Math.min(2 * this.#patienceMs, LONGEST_PATIENCE_MS);
    try {
      const ssh = await this.#deps.connect(this.#target, { ask, signal: AbortSignal.any([signal, patience.signal]) });
      this.#follow(ssh);
      return ssh;
    } finally {
      stop();
    }
  }

  #follow(ssh: SshConnection): void {
    void ssh.closed.then(() => this.#closed.add(ssh));
  }

  #attach(client: AgentClient): void {
    this.#patienceMs = PATIENCE_MS;
    // What the attempt has opened goes on listening to its signal: it is over now and must not be told to stop.
    this.#attempt = null;
    this.#agent = new AttachedAgent(client, this.#deps.clock, {
      onFrame: this.#hooks.onFrame,
      onBroken: (error) => this.#report(() => this.#hooks.emit(failed(faultOrThrow(error)))),
      onSilent: (fault) => {
        if (this.#device) void this.#hangUp(this.#device.ssh); // half-dead: nothing can be sent over it
        this.#hooks.emit({ kind: 'link-lost', fault });
      },
      onEnd: (end) => {
        const event = endEvent(end);
        if (event) this.#hooks.emit(event);
      },
    });
  }

  #dialOptions(signal: AbortSignal): DialOptions {
    return { signal, leaseS: this.#deps.leaseS, clientVersion: this.#deps.clientVersion };
  }

  /** One attempt at a time; its failure becomes an event unless it was told to stop. */
  #try(action: (signal: AbortSignal) => Promise<void>, onFault: (fault: Fault) => Event): void {
    this.#attempt?.abort.abort();
    const abort = new AbortController();
    const run = async () => {
      try {
        await action(abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) this.#report(() => this.#hooks.emit(onFault(faultOrThrow(error))));
      }
    };
    const attempt = { abort, done: run() };
    this.#attempt = attempt;
    void attempt.done.then(() => {
      if (this.#attempt === attempt) this.#attempt = null;
    });
  }

  #report(action: () => void): void {
    try {
      action();
    } catch (bug) {
      this.#hooks.onBug(bug);
    }
  }
}

function failed(fault: Fault): Event {
  return { kind: 'failed', fault };
}

function retryOutcome(fault: Fault): Event {
  if (fault.code === 'agent-crashed') return { kind: 'agent-gone', fault };
  return { kind: FINAL.includes(fault.code) ? 'failed' : 'retry-failed', fault };
}

function endEvent(end: AgentEnd): Event | null {
  switch (end.kind) {
    case 'closed':
      return null;
    case 'lost':
      return { kind: FINAL.includes(end.fault.code) ? 'failed' : 'link-lost', fault: end.fault };
    case 'farewell':
      return {
        kind: 'agent-gone',
        fault: { code: 'agent-crashed', message: `the agent ended by itself: ${end.reason}` },
      };
    default:
      throw new Error(`unknown end ${JSON.stringify(end satisfies never)}`);
  }
}
