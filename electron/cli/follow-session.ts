/** Watches one session from its first connection attempt to the end of its recording, for a person at a terminal. */
import type { Fault, Signal } from '../../remote-agent/protocol/index.ts';
import type { SessionView } from '../bridge/contract.ts';
import type { Session, SessionEnd, SessionSink } from '../session/index.ts';
import { Asker } from './asker.ts';
import { faultText } from './fault-text.ts';
import type { World } from './world.ts';

export interface Followed extends SessionEnd {
  /** The person stopped it before its time. */
  readonly interrupted: boolean;
  /** Of probes that do not run, although the session does with the others. */
  readonly failures: readonly Fault[];
}

/** One line that says what goes on. */
export interface StatusLine {
  show(text: string): void;
  /** Out of the way of other text. */
  clear(): void;
}

export interface FollowOptions {
  readonly start: (sink: SessionSink) => Session;
  /** From the first data on; null = until it is interrupted. */
  readonly durationMs: number | null;
  readonly status: StatusLine;
  /** What the status line says while all is well. */
  readonly liveLine: (view: LiveView) => string;
  readonly onSignals: (signals: readonly Signal[]) => void;
}

export type LiveView = Extract<SessionView, { kind: 'live' }>;

/** The first interrupt ends the session in order, the second one ends the program at once. */
const INTERRUPTED = 130;

export async function followSession(world: World, options: FollowOptions): Promise<Followed> {
  const follower = new Follower(world, options);
  return follower.done();
}

class Follower {
  private readonly world: World;
  private readonly options: FollowOptions;
  private readonly asker: Asker;
  private readonly session: Session;
  private readonly failures: Fault[] = [];
  private failuresSaid = 0;
  private askedPrompt = 0;
  private stopTimer: (() => void) | null = null;
  private interrupts = 0;

  constructor(world: World, options: FollowOptions) {
    this.world = world;
    this.options = options;
    this.asker = new Asker(world, () => options.status.clear());
    this.session = options.start({
      onView: (view) => this.onView(view),
      onSignals: async (signals) => this.take(signals),
      onFault: (fault) => this.fail(fault),
    });
  }

  async done(): Promise<Followed> {
    const off = this.world.onInterrupt(() => this.interrupt());
    try {
      const { fault, recording } = await this.session.done;
      const interrupted = this.interrupts > 0;
      return { fault: fault && this.asker.explain(fault), recording, interrupted, failures: this.failures };
    } finally {
      off();
      this.stopTimer?.();
      this.options.status.clear();
    }
  }

  private onView(view: SessionView): void {
    const { durationMs, status } = this.options;
    if (view.kind === 'connecting' && view.prompt && view.prompt.id !== this.askedPrompt) {
      const { prompt } = view;
      this.askedPrompt = prompt.id;
      void this.asker.ask(prompt).then((answer) => this.session.answer(prompt.id, answer));
    }
    if (view.kind === 'live') this.sayFailures();
    if (view.kind === 'live' && durationMs !== null)
      this.stopTimer ??= this.world.after(durationMs, () => this.session.disconnect());
    if (view.kind === 'ended' || view.kind === 'replay') return status.clear();
    if (view.kind !== 'connecting' || !view.prompt) status.show(this.line(view));
  }

  private line(view: Exclude<SessionView, { kind: 'ended' | 'replay' }>): string {
    switch (view.kind) {
      case 'connecting': {
        const step = view.steps.findLast(({ state }) => state === 'running');
        const part = step?.progress == null ? '' : ` ${Math.round(step.progress * 100)} %`;
        return step ? `${step.id.replaceAll('-', ' ')}: ${step.detail}${part}` : 'connecting';
      }
      case 'live':
        return this.options.liveLine(view);
      case 'reconnecting':
        return `the link is cut (${view.why}), attempt ${view.attempt}; the device goes on by itself for a while`;
    }
  }

  private take(signals: readonly Signal[]): void {
    for (const signal of signals)
      if (signal.kind === 'probe' && signal.what.kind === 'failed')
        this.failures.push({ probe: signal.probe, ...signal.what.fault });
    this.options.onSignals(signals);
  }

  /** Of a probe: it does not run; of anything else: it was survived. */
  private fail(fault: Fault): void {
    if (fault.probe !== undefined) this.failures.push(fault);
    else this.say(faultText(fault, false));
  }

  /** Only while others run: the last one ends the session, and its fault is told then. */
  private sayFailures(): void {
    for (const fault of this.failures.slice(this.failuresSaid)) this.say(faultText(fault, false));
    this.failuresSaid = this.failures.length;
  }

  private interrupt(): void {
    this.interrupts += 1;
    if (this.interrupts > 1) this.world.exit(INTERRUPTED);
    this.say('stopping; once more ends at once\n');
    this.session.disconnect();
  }

  private say(text: string): void {
    this.options.status.clear();
    this.world.stderr.write(text);
  }
}
