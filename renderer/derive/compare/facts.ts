import type { SideFacts } from '../../../remote-agent/protocol/statistics/index.ts';
import type { StoreSnapshot } from '../../store/model.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { moduleFile } from '../function-name.ts';
import type { CompareSide, SideProfile } from './side.ts';

/** What the device as a whole did; null where nothing was measured. */
export interface Resources {
  /** Of all its CPUs, 0..1. */
  readonly cpuBusy: number | null;
  readonly leastMemoryAvailableBytes: number | null;
  readonly meanMemoryAvailableBytes: number | null;
  /** Of one CPU, 0..1. */
  readonly observer: number | null;
}

export function resourcesOf({ snapshot, fromNs, toNs }: CompareSide): Resources {
  const costs = snapshot.costs.filter((cost) => cost.toNs > fromNs && cost.fromNs < toNs);
  const sum = (of: (cost: (typeof costs)[number]) => number) => costs.reduce((all, cost) => all + of(cost), 0);
  const ns = sum((cost) => cost.toNs - cost.fromNs);
  const cpus = snapshot.device?.onlineCpus ?? 0;
  const memory = costs.map((cost) => cost.memoryAvailableBytes).filter((bytes) => bytes > 0);
  return {
    cpuBusy: ns > 0 && cpus > 0 ? sum((cost) => cost.deviceCpuBusyNs) / ns / cpus : null,
    leastMemoryAvailableBytes: memory.length > 0 ? memory.reduce((a, b) => Math.min(a, b)) : null,
    meanMemoryAvailableBytes: memory.length > 0 ? memory.reduce((a, b) => a + b) / memory.length : null,
    observer: ns > 0 ? sum((cost) => cost.agentCpuNs + cost.loaderCpuNs + cost.bpfCpuNs) / ns : null,
  };
}

/** What decides whether two sides can be compared. */
export function sideFacts(side: CompareSide, profile: SideProfile | null): SideFacts {
  const { device, tables } = side.snapshot;
  const covered = coverages(side);
  const sum = (of: (each: Coverage) => number) => covered.reduce((all, { coverage }) => all + of(coverage), 0);
  const seen = sum((each) => each.seen);
  const { kept = 0, incompleteStacks = 0 } = profile?.coverage ?? {};
  return {
    hostname: device?.hostname ?? '',
    machine: device?.machine ?? '',
    kernel: device?.kernelRelease ?? '',
    cpu: device?.cpuModel ?? '',
    onlineCpus: device?.onlineCpus ?? 0,
    hz: profile?.hz ?? null,
    seconds: covered.reduce((most, { coverage }) => Math.max(most, coverage.seconds), 0),
    lostShare: seen > 0 ? sum((each) => each.lost) / seen : 0,
    incompleteStackShare: kept > 0 ? incompleteStacks / kept : 0,
    observerShare: resourcesOf(side).observer,
    samples: profile?.tree.total[0] ?? 0,
    buildIds: buildIds(tables.modules),
    probes: covered.map(({ title }) => title),
  };
}

function coverages({ snapshot, spanIn }: CompareSide): { readonly title: string; readonly coverage: Coverage }[] {
  return [...snapshot.probes.values()].flatMap(({ windows }) => {
    const span = spanIn(windows);
    return span.end > span.first ? [{ title: windows.manifest.title, coverage: coverageOf(windows, span) }] : [];
  });
}

function buildIds(modules: StoreSnapshot['tables']['modules']): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const module of modules) {
    if (!module || module.buildId === '') continue;
    const file = moduleFile(module);
    ids.set(file, (ids.get(file) ?? new Set()).add(module.buildId));
  }
  return ids;
}
