/** Adds up the Signals of a recording, in one pass whatever is asked of it. */
import { About } from './about.ts';
import { type Batches, type CollectOptions, type Collector, signalsOf } from './batches.ts';
import { CallCollector, type CollectedCalls } from './calls/collect-calls.ts';
import { type CollectedDns, DnsCollector } from './dns/collect-dns.ts';
import { type CollectedDrops, DropCollector } from './drops/collect-drops.ts';
import type { ProfileFilter } from './filter.ts';
import { type CollectedFlows, FlowCollector } from './flows/collect-flows.ts';
import { type CollectedProfile, ProfileCollector } from './profile/collect-profile.ts';
import { type CollectedSlow, SlowCollector } from './slow/collect-slow.ts';

export interface CollectedRecording {
  readonly profile: CollectedProfile;
  readonly calls: CollectedCalls;
  readonly slow: CollectedSlow;
  readonly flows: CollectedFlows;
  readonly dns: CollectedDns;
  readonly drops: CollectedDrops;
}

export function collectRecording(batches: Batches, options: CollectOptions): Promise<CollectedRecording> {
  return collect(batches, options, (about) => recordingCollector(about, options.filter));
}

export function recordingCollector(about: About, filter: ProfileFilter): Collector<CollectedRecording> {
  const profile = new ProfileCollector(about, filter);
  const calls = new CallCollector(about, filter);
  const slow = new SlowCollector(about, filter);
  const flows = new FlowCollector(about, filter);
  const dns = new DnsCollector(about, filter);
  const drops = new DropCollector(filter);
  const all = [profile, calls, slow, flows, dns, drops];
  return {
    take: (signal) => all.forEach((each) => each.take(signal)),
    finish: () => ({
      profile: profile.finish(),
      calls: calls.finish(),
      slow: slow.finish(),
      flows: flows.finish(),
      dns: dns.finish(),
      drops: drops.finish(),
    }),
  };
}

/** What one collector makes of it. */
export async function collect<T>(
  batches: Batches,
  { filter, stop }: CollectOptions,
  make: (about: About) => Collector<T>,
): Promise<T> {
  const about = new About();
  const collector = make(about);
  for await (const signal of signalsOf(batches, stop)) {
    about.take(signal, filter);
    collector.take(signal);
  }
  return collector.finish();
}
