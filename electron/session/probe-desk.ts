/**
 * Which probes should run, and what became of each. Outlives links and agent runs: what was asked for and not answered is
 * asked for again, which the agent takes for the same wish. What it said of a probe comes by itself, as a record.
 */
import type { Fault, ProbeSignal } from '../../remote-agent/protocol/index.ts';
import type { ProbeChoice } from '../bridge/contract.ts';
import type { AgentClient } from '../device/index.ts';
import type { Clock } from './deps.ts';

/** The verifier of a slow single-core box takes seconds; a minute without a word is a failure. */
const START_MS = 60_000;

type Options = ProbeChoice['options'];

interface Wish {
  readonly options: Options;
  /** The user asked for it beside what the session began with: its failure is news, never the end of the session. */
  readonly byHand: boolean;
  /** It runs, or may: the agent says nothing of a start that changes nothing, and only it knows what the defaults are. */
  readonly stopFirst: boolean;
  state: 'asked' | 'running' | 'failed' | 'leaving';
  stopTimer: () => void;
}

export interface ProbeHooks {
  /** null while the link is away. */
  readonly agent: () => AgentClient | null;
  readonly onAnswered: (detail: string) => void;
  /** Whatever should run does, as far as it can. */
  readonly onStarted: () => void;
  /** None is left that runs or may still start. */
  readonly onAllFailed: (fault: Fault) => void;
  /** One failed beside others, and the agent did not say so in a record. */
  readonly onFailed: (fault: Fault) => void;
}

export class ProbeDesk {
  readonly #clock: Clock;
  readonly #hooks: ProbeHooks;
  readonly #wishes = new Map<string, Wish>();

  constructor(choices: readonly ProbeChoice[], clock: Clock, hooks: ProbeHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    for (const { probe, options } of choices) this.#wish(probe, options);
  }

  get names(): string {
    return [...this.#wishes.keys()].join(', ');
  }

  /** A new agent runs nothing yet, and what failed under the old one may work. */
  beginRun(): void {
    for (const [probe, { options, state }] of this.#wishes)
      if (state === 'leaving') this.#wishes.delete(probe);
      else this.#wish(probe, options);
  }

  /** An agent is there: asks for whatever it has not answered. */
  ask(): void {
    for (const [probe, wish] of this.#wishes) this.#send(probe, wish);
    const wishes = [...this.#wishes.values()];
    const isWaiting = wishes.some(({ state, byHand }) => state === 'asked' && !byHand);
    if (!isWaiting || wishes.some(({ state }) => state === 'running')) this.#hooks.onStarted();
  }

  start(probe: string, options: Options): void {
    const known = this.#wishes.get(probe);
    if (known?.state === 'running' && isEqual(known.options, options)) return;
    const stopFirst = known?.state === 'running' || known?.state === 'leaving';
    this.#send(probe, this.#wish(probe, options, { byHand: true, stopFirst }));
  }

  stop(probe: string): void {
    const wish = this.#wishes.get(probe);
    if (!wish) return;
    wish.stopTimer();
    wish.state = 'leaving';
    this.#send(probe, wish);
  }

  /** The link is away: nobody can answer. */
  suspend(): void {
    for (const { stopTimer } of this.#wishes.values()) stopTimer();
  }

  heard({ probe, what }: ProbeSignal): void {
    const wish = this.#wishes.get(probe);
    if (!wish) return;
    if (wish.state === 'leaving') {
      if (what.kind === 'stopped' || what.kind === 'failed') this.#wishes.delete(probe);
      return;
    }
    if (what.kind === 'failed') this.#failed(wish, what.fault);
    if (what.kind !== 'started') return;
    wish.stopTimer();
    wish.state = 'running';
    this.#hooks.onAnswered(`${probe} on ${what.cpus} CPU${what.cpus === 1 ? '' : 's'}`);
    this.#hooks.onStarted();
  }

  /** A failure outside of any record: of the probes that are being started. false: there are none. */
  agentFailed(fault: Fault): boolean {
    const waiting = [...this.#wishes].filter(
      ([probe, { state }]) => state === 'asked' && (fault.probe === undefined || fault.probe === probe),
    );
    for (const [probe, wish] of waiting) this.#failedSilently(wish, { ...fault, probe });
    return waiting.length > 0;
  }

  #wish(probe: string, options: Options, { byHand, stopFirst } = { byHand: false, stopFirst: false }): Wish {
    this.#wishes.get(probe)?.stopTimer();
    const wish: Wish = { options, byHand, stopFirst, state: 'asked', stopTimer: () => undefined };
    this.#wishes.set(probe, wish);
    return wish;
  }

  #send(probe: string, wish: Wish): void {
    const agent = this.#hooks.agent();
    if (wish.state === 'leaving') agent?.stopProbe(probe);
    if (wish.state !== 'asked' || !agent) return;
    wish.stopTimer();
    wish.stopTimer = this.#clock.after(START_MS, () => {
      const message = `cannot start ${probe}: the agent did not say within ${START_MS / 1000} s that it runs`;
      this.#failedSilently(wish, { code: 'loader-start', message, probe });
    });
    if (wish.stopFirst) agent.stopProbe(probe);
    agent.startProbe(probe, wish.options);
  }

  #failedSilently(wish: Wish, fault: Fault): void {
    if (!this.#failed(wish, fault)) this.#hooks.onFailed(fault);
  }

  /** true: it was the last one, and the session is told. */
  #failed(wish: Wish, fault: Fault): boolean {
    wish.stopTimer();
    wish.state = 'failed';
    const isLast = [...this.#wishes.values()].every(({ state }) => state === 'failed' || state === 'leaving');
    if (!isLast || wish.byHand) return false;
    this.#hooks.onAllFailed(fault);
    return true;
  }
}

function isEqual(a: Options, b: Options): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
