/** What comes in from a session, added up since the last look and since the beginning. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { About } from './about.ts';
import type { CollectedRecording } from './collect.ts';
import { CallCollector } from './collect-calls.ts';
import { ProfileCollector } from './collect-profile.ts';
import { EVERYTHING } from './filter.ts';

type Pair = { readonly profile: ProfileCollector; readonly calls: CallCollector };
type Part = Pick<CollectedRecording, 'profile' | 'calls'>;

export class LiveCollector {
  private readonly about = new About();
  private readonly all = this.pair();
  private recent = this.pair();

  take(signal: Signal): void {
    this.about.take(signal, EVERYTHING);
    for (const { profile, calls } of [this.all, this.recent]) {
      profile.take(signal);
      calls.take(signal);
    }
  }

  /** Since the last call of this. */
  sinceLast(): Part {
    const { profile, calls } = this.recent;
    this.recent = this.pair();
    return { profile: profile.finish(), calls: calls.finish() };
  }

  whole(): Part {
    return { profile: this.all.profile.finish(), calls: this.all.calls.finish() };
  }

  private pair(): Pair {
    return { profile: new ProfileCollector(this.about, EVERYTHING), calls: new CallCollector(this.about, EVERYTHING) };
  }
}
