/** Adds up the Signals of a recording, in one pass whatever is asked of it. */
import { About } from './about.ts';
import { type Batches, type CollectOptions, signalsOf } from './batches.ts';
import { CallCollector, type CollectedCalls } from './collect-calls.ts';
import { type CollectedProfile, ProfileCollector } from './collect-profile.ts';
import { type CollectedSlow, SlowCollector } from './collect-slow.ts';

export interface CollectedRecording {
  readonly profile: CollectedProfile;
  readonly calls: CollectedCalls;
  readonly slow: CollectedSlow;
  /** Ids of the probes that have windows, also outside of the range. */
  readonly probes: ReadonlySet<string>;
}

export async function collectRecording(
  batches: Batches,
  { filter, stop }: CollectOptions,
): Promise<CollectedRecording> {
  const about = new About();
  const profile = new ProfileCollector(about, filter);
  const calls = new CallCollector(about, filter);
  const slow = new SlowCollector(about, filter);
  for await (const signal of signalsOf(batches, stop)) {
    about.take(signal, filter);
    profile.take(signal);
    calls.take(signal);
    slow.take(signal);
  }
  return { profile: profile.finish(), calls: calls.finish(), slow: slow.finish(), probes: about.probes };
}
