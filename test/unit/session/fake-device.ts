/** A device at the seam of the session room: it has an agent with a spool, a link that can be cut, and it can crash. */
import type { DeviceFacts, Installation, RootShell } from '../../../electron/device/index.ts';
import type { SessionDeps } from '../../../electron/session/index.ts';
import type { Ask, SshConnection } from '../../../electron/ssh/index.ts';
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeAgentFrame,
  type Fault,
  FaultError,
  raise,
} from '../../../remote-agent/protocol/index.ts';
import { FakeAgent } from './fake-agent.ts';
import type { FakeClock } from './fake-clock.ts';
import { FakeRecording } from './fake-recording.ts';

type FrameInit = Parameters<typeof encodeAgentFrame>[0];
export type Step = 'connect' | 'detect' | 'becomeRoot' | 'install' | 'dial' | 'redial';

interface Run {
  readonly id: string;
  readonly spool: AgentFrame[];
  seq: number;
  client: FakeAgent | null;
}

export class FakeDevice {
  readonly log: string[] = [];
  readonly acked: number[] = [];
  readonly recording = new FakeRecording();
  /** What just happened. */
  readonly kept = new FakeRecording();
  /** And what cuts each. */
  readonly openConnections = new Map<object, () => void>();
  /** Faults by step, thrown once each. */
  readonly failing = new Map<Step, Fault>();
  /** These steps wait until aborted. */
  readonly hanging = new Set<Step>();
  /** Asked while connecting. */
  question: Parameters<Ask>[0] | null = null;
  answers: unknown[] = [];
  linkUp = true;
  bootId = 'boot-1';
  /** By probe: it cannot start. */
  readonly probeFaults = new Map<string, Fault>();
  /** Nothing is heard of a probe that is started. */
  mute = false;
  #run: Run | null = null;
  #runs = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** A record of the agent: spooled until acknowledged, sent if somebody is there. */
  record(body: FrameInit['body']): void {
    const run = this.#run;
    if (!run) throw new Error('no agent runs');
    run.seq++;
    const frame = frameOf(run.seq, body);
    run.spool.push(frame);
    run.client?.deliver(frame);
  }

  /** A second of data: `samples` in each of `rows` rows. */
  window(samples: number, rows = 1): void {
    const at = BigInt((this.#run?.seq ?? 0) + 1) * 1_000_000_000n;
    const none = { u32: Array.from({ length: rows }, () => 0) };
    const columns = [none, { u32: none.u32.map((_, row) => row) }, none, { u32: none.u32.map(() => samples) }];
    const kept = BigInt(samples * rows);
    this.record({
      case: 'window',
      value: {
        probe: 'cpu-profile',
        fromNs: at,
        toNs: at + 1_000_000_000n,
        rows,
        columns,
        counters: { seen: kept, kept },
        drains: 1,
      },
    });
  }

  cut(): void {
    this.linkUp = false;
    for (const cut of this.openConnections.values()) cut();
    this.openConnections.clear();
    this.#run?.client?.end({ kind: 'lost', fault: { code: 'link-lost', message: 'the connection was reset' } });
  }

  /** The cable is out, and nobody says so. */
  freeze(): void {
    this.linkUp = false;
    if (this.#run?.client) this.#run.client.frozen = true;
  }

  mend(): void {
    this.linkUp = true;
  }

  killAgent(): void {
    const client = this.#run?.client;
    this.#run = null;
    client?.end({ kind: 'lost', fault: { code: 'link-lost', message: 'the relay ended' } });
  }

  /** Records up to `seq` are forgotten: the spool was full. */
  forgetUpTo(seq: number): void {
    const spool = this.#run?.spool ?? [];
    while (Number(spool[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq) spool.shift();
  }

  /** Frame that is no record. */
  say(body: FrameInit['body']): void {
    this.#run?.client?.deliver(frameOf(0, body));
  }

  stopped(run: string): void {
    this.log.push(`shutdown ${run}`);
    this.#run = null;
  }

  startProbe(probe: string): void {
    this.log.push(`start ${probe}`);
    if (!this.mute) this.answerStart(probe);
  }

  answerStart(probe: string): void {
    const fault = this.probeFaults.get(probe);
    const what = fault
      ? ({ case: 'failed', value: fault } as const)
      : ({ case: 'started', value: { options: {}, mapBytes: 1n, cpus: 2 } } as const);
    this.record({ case: 'probeEvent', value: { probe, atNs: 2n, what } });
  }

  /** While it runs. */
  failProbe(probe: string, fault: Fault): void {
    this.record({ case: 'probeEvent', value: { probe, atNs: 3n, what: { case: 'failed', value: fault } } });
  }

  stopProbe(probe: string): void {
    this.log.push(`stop ${probe}`);
    const what = { case: 'stopped', value: { reason: 'asked to' } } as const;
    this.record({ case: 'probeEvent', value: { probe, atNs: 3n, what } });
  }

  deps(): SessionDeps {
    return {
      clock: this.#clock,
      clientVersion: '0.0.0',
      leaseS: 60,
      connect: async (_target, { ask, signal }) => {
        await this.#step('connect', signal);
        if (!this.linkUp) raise('host-unreachable', 'no answer');
        if (this.question) this.answers.push(await ask(this.question));
        return this.#connection();
      },
      detect: async (_ssh, { signal }) => {
        await this.#step('detect', signal);
        return {
          hostname: 'edge-7',
          osName: 'Debian',
          machine: 'aarch64',
          arch: 'aarch64',
          bootId: this.bootId,
        } as unknown as DeviceFacts;
      },
      becomeRoot: async (_ssh, _facts, _ask, { signal }) => {
        await this.#step('becomeRoot', signal);
        const root = { how: 'sudo', on: () => root } as unknown as RootShell;
        return root;
      },
      findArtifacts: () => Promise.resolve({} as never),
      install: async (_root, _facts, _artifacts, { signal, onProgress } = {}) => {
        onProgress?.({ file: 'agent', state: 'sending', sentBytes: 1, totalBytes: 4, detail: 'sending 4 B' });
        await this.#step('install', signal);
        onProgress?.({ file: 'agent', state: 'done', sentBytes: 4, totalBytes: 4, detail: 'sent' });
        return { nodeVersion: '18.0.0' } as Installation;
      },
      dial: async (_root, _installation, { signal }) => {
        await this.#step('dial', signal);
        this.#run = { id: `run-${++this.#runs}`, spool: [], seq: 0, client: null };
        const client = this.#attach(this.#run, 0, signal);
        this.record({
          case: 'device',
          value: { hostname: new TextEncoder().encode('edge-7'), runId: new Uint8Array(16) },
        });
        return client;
      },
      redial: async (_root, { runId, lastSeq }, { signal }) => {
        await this.#step('redial', signal);
        if (!this.linkUp) raise('link-lost', 'no answer');
        if (this.#run?.id !== runId) raise('agent-crashed', 'the agent run is gone');
        return this.#attach(this.#run as Run, lastSeq, signal);
      },
      createRecording: (_about, onFault) => this.recording.begin(onFault),
      createKept: () => this.kept.begin(() => undefined),
      discardRecording: (file) => {
        this.log.push(`discard ${file}`);
        return Promise.resolve();
      },
      demangle: (signal) => signal,
    };
  }

  #attach(run: Run, lastSeq: number, signal: AbortSignal | undefined): FakeAgent {
    const client = new FakeAgent(this, run.id, lastSeq);
    const stopped: Fault = { code: 'cancelled', message: 'stopped' };
    signal?.addEventListener('abort', () => client.end({ kind: 'lost', fault: stopped }));
    run.client = client;
    for (const frame of run.spool) if (Number(frame.seq) > lastSeq) client.deliver(frame);
    return client;
  }

  async #step(step: Step, signal: AbortSignal | undefined): Promise<void> {
    this.log.push(step);
    const fault = this.failing.get(step);
    this.failing.delete(step);
    if (fault) throw new FaultError(fault);
    if (!this.hanging.has(step)) return;
    await new Promise<void>((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new FaultError({ code: 'cancelled', message: 'stopped' }))),
    );
  }

  #connection(): SshConnection {
    const open = this.openConnections;
    let cut = () => undefined as void;
    const connection = {
      user: 'ops',
      remoteAddress: '192.0.2.7:22',
      authenticatedBy: 'key',
      closed: new Promise<null>((resolve) => {
        cut = () => resolve(null);
      }),
      close: () => {
        open.delete(connection);
        if (!this.linkUp) return new Promise(() => undefined); // a dead link never answers the goodbye
        cut();
        return Promise.resolve();
      },
    };
    open.set(connection, cut);
    return connection as unknown as SshConnection;
  }
}

function frameOf(seq: number, body: FrameInit['body']): AgentFrame {
  return decodeAgentFrame(encodeAgentFrame({ seq: BigInt(seq), ...(body ? { body } : {}) }));
}
