/** Performs what next() asks for and shows what came of it. */
import type { AgentFrame, Mark } from '../../remote-agent/protocol/index.ts';
import type { Target } from '../bridge/contract.ts';
import type { SshTarget } from '../ssh/index.ts';
import { Access } from './access.ts';
import type { SessionDeps } from './deps.ts';
import { next } from './next.ts';
import { Outbox } from './outbox.ts';
import { ProbeDesk } from './probe-desk.ts';
import { Prompts } from './prompts.ts';
import type { Kept, ReachedDevice, Session, SessionEnd, SessionSink } from './session.ts';
import type { Effect, Event, State } from './state.ts';
import { Tee } from './tee.ts';
import { Throughput } from './throughput.ts';
import { viewOf } from './view.ts';

export type SessionTarget = Target & Pick<SshTarget, 'acceptHostKey' | 'places'>;

/** Running clocks and link figures move in the view this often. */
const TICK_MS = 250;
/** A watcher that is gone must not hold up the end. */
const LAST_BATCHES_MS = 300;

/** Starts at once; every session records from its first frame. */
export function startSession(target: SessionTarget, deps: SessionDeps, sink: SessionSink): Session {
  const driver = new Driver(target, deps, sink);
  driver.dispatch({ kind: 'start' });
  return {
    answer: (prompt, value) => driver.prompts.answer(prompt, value),
    disconnect: () => driver.dispatch({ kind: 'disconnect' }),
    reconnectNow: () => driver.dispatch({ kind: 'reconnect-now' }),
    startProbe: (probe, options) => driver.probes.start(probe, options),
    stopProbe: (probe) => driver.probes.stop(probe),
    device: () => driver.device,
    setMarks: (marks) => driver.setMarks(marks),
    keepLast: (seconds) => driver.keepLast(seconds),
    setTriggers: (triggers) => driver.setTriggers(triggers),
    done: driver.done,
  };
}

class Driver {
  readonly prompts: Prompts;
  readonly probes: ProbeDesk;
  readonly done: Promise<SessionEnd>;
  readonly #deps: SessionDeps;
  readonly #sink: SessionSink;
  readonly #access: Access;
  readonly #tee: Tee;
  readonly #outbox: Outbox;
  readonly #throughput: Throughput;
  /** Back-off, lease, tick: the last one of each counts. */
  readonly #timers = new Map<string, () => void>();
  #triggers: readonly string[] = [];
  #state: State = { kind: 'idle' };
  #settle: { readonly resolve: (end: SessionEnd) => void; readonly reject: (bug: unknown) => void };

  constructor(target: SessionTarget, deps: SessionDeps, sink: SessionSink) {
    this.#deps = deps;
    this.#sink = sink;
    this.#throughput = new Throughput(deps.clock);
    this.#outbox = new Outbox((signals) => sink.onSignals(signals), deps.clock);
    this.#settle = { resolve: () => undefined, reject: () => undefined };
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.prompts = new Prompts(
      (prompt) => this.dispatch({ kind: 'asked', prompt }),
      () => this.dispatch({ kind: 'answered' }),
    );
    this.probes = new ProbeDesk(target.probes, deps.clock, {
      agent: () => this.#access.agent,
      onAnswered: (detail) => this.#stepProbes('done', detail),
      onStarted: () => this.dispatch({ kind: 'probes-started' }),
      onAllFailed: (fault) => this.dispatch({ kind: 'failed', fault }),
      onFailed: (fault) => sink.onFault(fault),
    });
    this.#tee = new Tee(target.destination, deps, {
      onSignal: (signal) => this.#outbox.push(signal),
      onProbe: (signal) => this.probes.heard(signal),
      // While a probe is being started it is about that; later the session may well survive it.
      onAgentFault: (fault) => {
        if (!this.probes.agentFailed(fault)) sink.onFault(fault);
      },
      onTrouble: (fault) => sink.onFault(fault),
    });
    this.#access = new Access(target, deps, {
      emit: (event) => this.dispatch(event),
      onFrame: async (frame: AgentFrame, payload: Uint8Array) => {
        const seq = await this.#tee.take(frame, payload);
        await this.#outbox.room({ backlog: true });
        return seq;
      },
      onNewRun: () => {
        this.#tee.beginRun();
        this.probes.beginRun();
      },
      onNoGoodbye: () =>
        this.#tee.note(
          'the device did not confirm the end in time: its last seconds may be missing from this recording',
        ),
      onBug: (bug) => this.#settle.reject(bug),
    });
  }

  get device(): ReachedDevice | null {
    return this.#access.device;
  }

  /** An agent that is there, and each that comes, is told. */
  setTriggers(triggers: readonly string[]): void {
    this.#triggers = triggers;
    this.#access.agent?.setTriggers(triggers);
  }

  keepLast(seconds: number): Promise<Kept> {
    return this.#tee.keepLast(seconds);
  }

  setMarks(marks: readonly Mark[]): void {
    this.#tee.setMarks(marks);
  }

  dispatch(event: Event): void {
    const { state, effects } = next(this.#state, event, this.#deps.clock.now());
    if (state === this.#state && effects.length === 0) return;
    this.#state = state;
    this.#show();
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'reach':
        return this.#access.reach(this.prompts.ask, (change) => this.dispatch({ kind: 'step', change }));
      case 'retry':
        return this.#access.retry(this.prompts.recall);
      case 'restart-agent':
        return this.#access.restartAgent(this.prompts.recall);
      case 'drop-link':
        this.probes.suspend();
        return this.#access.dropLink();
      case 'start-probes':
        this.#stepProbes('running', this.probes.names);
        if (this.#triggers.length > 0) this.#access.agent?.setTriggers(this.#triggers);
        return this.probes.ask();
      case 'wait':
        return this.#after('retry', effect.ms, () => this.dispatch({ kind: 'retry-due' }));
      case 'wait-for-lease':
        return this.#after('lease', effect.ms, () => this.dispatch({ kind: 'lease-over' }));
      case 'note':
        return this.#tee.note(effect.text);
      case 'close':
        this.#close().catch((bug: unknown) => this.#settle.reject(bug));
        return;
      default:
        throw new Error(`unknown effect ${JSON.stringify(effect satisfies never)}`);
    }
  }

  #stepProbes(state: 'running' | 'done', detail: string): void {
    this.dispatch({ kind: 'step', change: { id: 'start-probe', state, detail, progress: null } });
  }

  async #close(): Promise<void> {
    for (const name of this.#timers.keys()) this.#stop(name);
    this.probes.suspend();
    this.prompts.close();
    await this.#access.close();
    await this.#tee.finish();
    await Promise.race([
      this.#outbox.drained(),
      new Promise<void>((resolve) => this.#after('last batches', LAST_BATCHES_MS, resolve)),
    ]);
    this.#stop('last batches');
    this.dispatch({ kind: 'closed' });
    const fault = this.#state.kind === 'ended' ? this.#state.fault : null;
    this.#settle.resolve({ fault, recording: this.#tee.recording });
  }

  #show(): void {
    const { clock } = this.#deps;
    const agent = this.#access.agent;
    const gauges = {
      rttMs: agent?.rttMs ?? null,
      bytesPerSecond: this.#throughput.perSecond(agent?.receivedBytes ?? 0),
      mergedWindows: this.#tee.mergedWindows,
      recording: this.#tee.recording,
    };
    const view = viewOf(this.#state, gauges, { nowMs: clock.now(), wallMs: clock.wall() });
    if (view) this.#sink.onView(view);
    if (view && view.kind !== 'ended') this.#after('tick', TICK_MS, () => this.#show());
  }

  #after(name: string, ms: number, action: () => void): void {
    this.#stop(name);
    const cancel = this.#deps.clock.after(ms, () => {
      this.#timers.delete(name);
      action();
    });
    this.#timers.set(name, cancel);
  }

  #stop(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
