/** Owns what is open towards the device (connection, rights, agent) and tells the state machine what becomes of it. */
import { type AgentFrame, type Fault, type FaultCode, raise, wrapFault } from '../../remote-agent/protocol/index.ts';
import type { AgentClient, AgentEnd, DialOptions, ResumePoint } from '../device/index.ts';
import type { Ask, SshConnection, SshTarget } from '../ssh/index.ts';
import { Acks } from './acks.ts';
import type { SessionDeps } from './deps.ts';
import { watchLink } from './heartbeat.ts';
import { faultOrThrow, type Reached, reachDevice } from './reach.ts';
import type { DeviceLink, Event } from './state.ts';
import type { StepChange } from './steps.ts';

/** The agent's goodbye is waited for this long; after that its lease ends it. */
const GOODBYE_MS = 2000;
/** For an attempt that was told to stop, and for the connection to say goodbye. */
const LETTING_GO_MS = 500;
/** Trying again cannot help, or would be unsafe. */
const FINAL: readonly FaultCode[] = ['agent-version', 'host-key-changed', 'host-key-unknown'];

export interface AccessHooks {
  readonly emit: (event: Event) => void;
  /** Settles with the number to acknowledge. */
  readonly onFrame: (frame: AgentFrame) => Promise<number | null>;
  readonly onNewRun: () => void;
  readonly onBug: (error: unknown) => void;
}

export class Access {
  readonly #target: SshTarget;
  readonly #deps: SessionDeps;
  readonly #hooks: AccessHooks;
  #device: Omit<Reached, 'agent'> | null = null;
  #agent: { readonly client: AgentClient; readonly acks: Acks; readonly letGo: () => void } | null = null;
  #resume: ResumePoint | null = null;
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
      try {
        const client = await this.#deps.redial(device.root.on(ssh), resume, this.#dialOptions(signal));
        this.#device = { ...device, ssh, root: device.root.on(ssh) };
        this.#listen(client);
      } catch (error) {
        await ssh.close();
        throw error;
      }
      this.#hooks.emit({ kind: 'resumed' });
    }, retryOutcome);
  }

  /** → reached | failed. Only on the same boot: a new one has another clock, which must not go into this recording. */
  restartAgent(ask: Ask): void {
    const bootId = this.#device?.facts.bootId;
    this.#try(
      async (signal) => {
        await this.#device?.ssh.close();
        const reached = await reachDevice(this.#target, this.#deps, { ask, signal, onStep: () => undefined });
        if (reached.facts.bootId !== bootId) {
          await this.#discard(reached);
          raise('link-lost', 'the device was restarted', 'Connect again to start a new recording; this one is kept.');
        }
        await this.#adopt(reached, signal);
      },
      (fault) => failed(wrapFault('cannot start the agent again', fault)),
    );
  }

  /** The agent goes on for its lease. */
  dropLink(): void {
    if (!this.#agent) return;
    this.#resume = this.#agent.client.resumePoint;
    this.#agent.letGo();
    this.#agent.client.close();
    this.#agent = null;
  }

  /** Stops whatever runs, asks the agent to end, closes the connection. Frames are delivered until the agent's goodbye. */
  async close(): Promise<void> {
    this.#attempt?.abort.abort();
    await this.#within(LETTING_GO_MS, this.#attempt?.done);
    if (this.#agent) {
      this.#agent.acks.flush();
      await this.#within(GOODBYE_MS, this.#agent.client.shutdown('the session was ended', GOODBYE_MS));
      this.dropLink();
    }
    await this.#within(LETTING_GO_MS, this.#device?.ssh.close());
  }

  async #adopt(reached: Reached, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return this.#discard(reached);
    const { ssh, agent } = reached;
    this.#device = reached;
    this.#follow(ssh);
    this.#hooks.onNewRun();
    this.#listen(agent);
    const link: DeviceLink = { user: ssh.user, address: ssh.remoteAddress, leaseMs: agent.welcome.leaseS * 1000 };
    this.#hooks.emit({ kind: 'reached', link });
  }

  async #discard({ ssh, agent }: Reached): Promise<void> {
    await agent.shutdown('the session was ended', GOODBYE_MS);
    await ssh.close();
  }

  /** The connection that is there, if it still is. */
  async #connection(present: SshConnection, ask: Ask, signal: AbortSignal): Promise<SshConnection> {
    if (!this.#closed.has(present)) return present;
    const ssh = await this.#deps.connect(this.#target, { ask, signal });
    this.#follow(ssh);
    return ssh;
  }

  #follow(ssh: SshConnection): void {
    void ssh.closed.then(() => this.#closed.add(ssh));
  }

  #listen(client: AgentClient): void {
    const acks = new Acks(client, this.#deps.clock);
    const stopWatching = watchLink(client, this.#deps.clock, (silentMs) => {
      void this.#device?.ssh.close(); // half-dead: nothing can be sent over it
      const message = `nothing came from the device for ${Math.round(silentMs / 1000)} s`;
      this.#hooks.emit({ kind: 'link-lost', fault: { code: 'link-lost', message } });
    });
    const letGo = () => {
      stopWatching();
      acks.close();
    };
    this.#agent = { client, acks, letGo };
    client.onFrame(async (frame) => {
      try {
        const seq = await this.#hooks.onFrame(frame);
        if (seq !== null) acks.add(seq);
      } catch (error) {
        this.#report(() => this.#hooks.emit(failed(faultOrThrow(error))));
      }
    });
    void client.closed.then((end) => {
      if (this.#agent?.client !== client) return; // we let go of it
      const event = endEvent(end);
      if (event) this.#hooks.emit(event);
    });
  }

  #dialOptions(signal: AbortSignal): DialOptions {
    return { signal, leaseS: this.#deps.leaseS, clientVersion: this.#deps.clientVersion };
  }

  /** One attempt at a time; its failure becomes an event unless it was told to stop. */
  #try(action: (signal: AbortSignal) => Promise<void>, onFault: (fault: Fault) => Event): void {
    const abort = new AbortController();
    const run = async () => {
      try {
        await action(abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) this.#report(() => this.#hooks.emit(onFault(faultOrThrow(error))));
      }
    };
    this.#attempt = { abort, done: run() };
  }

  #report(action: () => void): void {
    try {
      action();
    } catch (bug) {
      this.#hooks.onBug(bug);
    }
  }

  async #within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
    if (!work) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(ms, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      // Whatever could not be closed in order is closed by the other side's time-outs.
      void work.catch(() => undefined).finally(done);
    });
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
      return { kind: 'link-lost', fault: end.fault };
    case 'farewell':
      return {
        kind: 'agent-gone',
        fault: { code: 'agent-crashed', message: `the agent ended by itself: ${end.reason}` },
      };
    default:
      throw new Error(`unknown end ${JSON.stringify(end satisfies never)}`);
  }
}
