/** Watches one session from its first connection attempt to the end of its recording, for a person at a terminal. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import type { SessionView } from '../bridge/contract.ts';
import type { Session, SessionEnd, SessionSink } from '../session/index.ts';
import { Asker } from './asker.ts';
import { faultText } from './fault-text.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText, clockText } from './quantities.ts';
import type { World } from './world.ts';

export interface Followed extends SessionEnd {
  /** The person stopped it before its time. */
  readonly interrupted: boolean;
}

export interface FollowOptions {
  readonly start: (sink: SessionSink) => Session;
  /** From the first data on; null = until it is interrupted. */
  readonly durationMs: number | null;
}

/** The first interrupt ends the session in order, the second one ends the program at once. */
const INTERRUPTED = 130;

export async function followSession(world: World, options: FollowOptions): Promise<Followed> {
  const follower = new Follower(world, options);
  return follower.done();
}

class Follower {
  private readonly world: World;
  private readonly durationMs: number | null;
  private readonly progress: ProgressLine;
  private readonly asker: Asker;
  private readonly session: Session;
  private samples = 0;
  private lost = 0;
  private askedPrompt = 0;
  private stopTimer: (() => void) | null = null;
  private interrupts = 0;

  constructor(world: World, { start, durationMs }: FollowOptions) {
    this.world = world;
    this.durationMs = durationMs;
    this.progress = new ProgressLine(world);
    this.asker = new Asker(world, () => this.progress.clear());
    this.session = start({
      onView: (view) => this.onView(view),
      onSignals: async (signals) => this.count(signals),
      onFault: (fault) => this.say(faultText(fault, false)),
    });
  }

  async done(): Promise<Followed> {
    const off = this.world.onInterrupt(() => this.interrupt());
    try {
      const { fault, recording } = await this.session.done;
      return { fault: fault && this.asker.explain(fault), recording, interrupted: this.interrupts > 0 };
    } finally {
      off();
      this.stopTimer?.();
      this.progress.clear();
    }
  }

  private onView(view: SessionView): void {
    if (view.kind === 'connecting' && view.prompt && view.prompt.id !== this.askedPrompt) {
      const { prompt } = view;
      this.askedPrompt = prompt.id;
      void this.asker.ask(prompt).then((answer) => this.session.answer(prompt.id, answer));
    }
    if (view.kind === 'live' && this.durationMs !== null)
      this.stopTimer ??= this.world.after(this.durationMs, () => this.session.disconnect());
    if (view.kind !== 'connecting' || !view.prompt) this.progress.show(this.line(view));
  }

  private line(view: SessionView): string {
    switch (view.kind) {
      case 'connecting': {
        const step = view.steps.findLast(({ state }) => state === 'running');
        const part = step?.progress == null ? '' : ` ${Math.round(step.progress * 100)} %`;
        return step ? `${step.id.replaceAll('-', ' ')}: ${step.detail}${part}` : 'connecting';
      }
      case 'live': {
        const { seconds, bytes, fault } = view.recording;
        const whole = this.durationMs === null ? '' : ` of ${clockText(this.durationMs / 1000)}`;
        const lost = this.lost > 0 ? `, ${this.lost} lost` : '';
        return `recording ${clockText(seconds)}${whole}, ${this.samples} samples${lost}, ${fault ? 'NOT RECORDING' : bytesText(bytes)}${this.durationMs === null ? ' (Ctrl-C to stop)' : ''}`;
      }
      case 'reconnecting':
        return `the link is cut (${view.why}), attempt ${view.attempt}; the device goes on recording for a while`;
      case 'ended':
      case 'replay':
        return 'finishing';
    }
  }

  private count(signals: readonly Signal[]): void {
    for (const signal of signals) {
      if (signal.kind !== 'window') continue;
      this.samples += signal.counters.kept;
      for (const { count } of signal.counters.lost) this.lost += count;
    }
  }

  private interrupt(): void {
    this.interrupts += 1;
    if (this.interrupts > 1) this.world.exit(INTERRUPTED);
    this.say('stopping; once more ends at once\n');
    this.session.disconnect();
  }

  private say(text: string): void {
    this.progress.clear();
    this.world.stderr.write(text);
  }
}
