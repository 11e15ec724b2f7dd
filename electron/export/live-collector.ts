/** What comes in from a session, added up since the last look and since the beginning. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { About } from './about.ts';
import type { Collector } from './batches.ts';
import { EVERYTHING } from './filter.ts';

export class LiveCollector<T> {
  private readonly about = new About();
  private readonly make: () => Collector<T>;
  private readonly all: Collector<T>;
  private recent: Collector<T>;

  constructor(make: (about: About) => Collector<T>) {
    this.make = () => make(this.about);
    this.all = this.make();
    this.recent = this.make();
  }

  take(signal: Signal): void {
    this.about.take(signal, EVERYTHING);
    this.all.take(signal);
    this.recent.take(signal);
  }

  /** Since the last call of this. */
  sinceLast(): T {
    const { recent } = this;
    this.recent = this.make();
    return recent.finish();
  }

  /** Once. */
  whole(): T {
    return this.all.finish();
  }
}
