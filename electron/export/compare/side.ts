/** One side of a comparison: a recording or a part of it, read in one pass. */
import { findProbe, type Fault, type Signal } from '../../../remote-agent/protocol/index.ts';
import type { SideFacts } from '../../../remote-agent/protocol/statistics/index.ts';
import { openRecording } from '../../recording/index.ts';
import type { About } from '../about.ts';
import type { Batches, Collector, CollectOptions } from '../batches.ts';
import type { ExportStage } from '../export-recording.ts';
import { CALLS_PROBE, CallCollector, type CollectedCalls } from '../calls/collect-calls.ts';
import { collect } from '../collect.ts';
import type { Covered } from '../coverage.ts';
import { type CollectedFlowGroups, FlowGroupCollector } from '../flows/flow-groups.ts';
import { FLOWS_PROBE } from '../flows/flow-sum.ts';
import { type CollectedProfile, PROFILE_PROBE, ProfileCollector } from '../profile/collect-profile.ts';
import { moduleFile } from '../profile/function-name.ts';
import { ResourceCollector, type Resources } from './resources.ts';

const NS_PER_SECOND = 1e9;

export interface ComparedSide {
  readonly file: string;
  readonly profile: CollectedProfile;
  readonly calls: CollectedCalls;
  readonly processes: CollectedFlowGroups;
  readonly remotes: CollectedFlowGroups;
  readonly resources: Resources;
  readonly facts: SideFacts;
  /** What of the recording could not be read. */
  readonly warning: Fault | null;
}

type Collected = Omit<ComparedSide, 'file' | 'facts' | 'warning'>;

/** Raises `file-io` or `bad-recording`. */
export async function collectSide(
  file: string,
  options: CollectOptions & { readonly stage?: ExportStage | null },
  onProgress: (progress: number) => void,
): Promise<ComparedSide> {
  const reader = await openRecording(file);
  async function* batches(): Batches {
    for await (const batch of reader.batches()) {
      onProgress(reader.progress);
      yield options.stage ? options.stage.signals(batch) : batch;
    }
  }
  try {
    const collected = await collectSignals(batches(), options);
    return { file, ...collected, facts: factsOf(collected), warning: reader.warning };
  } finally {
    await reader.close();
  }
}

function collectSignals(batches: Batches, options: CollectOptions): Promise<Collected> {
  const { filter } = options;
  return collect(batches, options, (about: About): Collector<Collected> => {
    const profile = new ProfileCollector(about, filter);
    const calls = new CallCollector(about, filter);
    const processes = new FlowGroupCollector(about, { by: 'process', includeOwn: false, filter });
    const remotes = new FlowGroupCollector(about, { by: 'remote', includeOwn: false, filter });
    const resources = new ResourceCollector(about, filter);
    const all: readonly Collector<unknown>[] = [profile, calls, processes, remotes, resources];
    return {
      take: (signal: Signal) => all.forEach((each) => each.take(signal)),
      finish: () => ({
        profile: profile.finish(),
        calls: calls.finish(),
        processes: processes.finish(),
        remotes: remotes.finish(),
        resources: resources.finish(),
      }),
    };
  });
}

function factsOf({ profile, calls, processes, resources }: Collected): SideFacts {
  const { device, tables, totals, hz, entries } = profile;
  const covered: readonly (readonly [string, Covered])[] = [
    [PROFILE_PROBE, profile],
    [CALLS_PROBE, calls],
    [FLOWS_PROBE, processes],
  ];
  const there = covered.filter(([, { coveredNs }]) => coveredNs > 0);
  const sum = (of: (each: Covered) => number): number => there.reduce((all, [, each]) => all + of(each), 0);
  const seen = sum((each) => each.totals.seen);
  const lost = sum((each) => [...each.totals.lost.values()].reduce((all, count) => all + count, 0));
  return {
    hostname: device?.hostname ?? '',
    machine: device?.machine ?? '',
    kernel: device?.kernelRelease ?? '',
    cpu: device?.cpuModel ?? '',
    onlineCpus: device?.onlineCpus ?? 0,
    hz: profile.coveredNs > 0 ? hz : null,
    seconds: Math.max(...covered.map(([, { coveredNs }]) => coveredNs)) / NS_PER_SECOND,
    lostShare: seen > 0 ? lost / seen : 0,
    incompleteStackShare: totals.kept > 0 ? totals.incompleteStacks / totals.kept : 0,
    observerShare: resources.observer,
    samples: entries.reduce((all, { samples }) => all + samples, 0),
    buildIds: buildIds(tables.modules),
    probes: there.map(([probe]) => findProbe(probe)?.title ?? probe),
  };
}

function buildIds(modules: CollectedProfile['tables']['modules']): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const module of modules) {
    if (!module || module.buildId === '') continue;
    const file = moduleFile(module);
    ids.set(file, (ids.get(file) ?? new Set()).add(module.buildId));
  }
  return ids;
}
