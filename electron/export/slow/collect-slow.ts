/** Single system calls, counted, and the few that took longest. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import type { Covered } from '../coverage.ts';
import type { ProfileFilter } from '../filter.ts';
import type { Tables } from '../tables.ts';
import { type SlowCall, SlowCalls } from './slow-calls.ts';

const LONGEST = 10;

export interface CollectedSlow extends Covered {
  readonly tables: Tables;
  readonly finished: number;
  /** Had not returned when they were last seen. */
  readonly inProgress: number;
  /** Ten. */
  readonly longest: readonly SlowCall[];
}

export class SlowCollector implements Collector<CollectedSlow> {
  private readonly about: About;
  private readonly calls: SlowCalls;
  private finished = 0;
  private inProgress = 0;
  private longest: SlowCall[] = [];

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.calls = new SlowCalls(about, filter);
  }

  take(signal: Signal): void {
    this.count(this.calls.take(signal));
  }

  finish(): CollectedSlow {
    this.count(this.calls.finish());
    const { finished, inProgress, longest } = this;
    return { ...this.calls.coverage.result(), tables: this.about.tables, finished, inProgress, longest };
  }

  private count(over: readonly SlowCall[]): void {
    if (over.length === 0) return;
    for (const { isFinished } of over) {
      this.finished += isFinished ? 1 : 0;
      this.inProgress += isFinished ? 0 : 1;
    }
    this.longest = [...this.longest, ...over].toSorted((a, b) => b.durationNs - a.durationNs).slice(0, LONGEST);
  }
}
