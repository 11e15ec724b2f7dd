/** A recording in numbers: stable, documented names, because `--json` prints them. */
import { type CallSummary, summarizeCalls } from './call-summary.ts';
import type { CollectedRecording } from './collect.ts';
import type { CollectedProfile, Entry } from './collect-profile.ts';
import { FunctionIndex } from './function-index.ts';
import { type SlowSummary, summarizeSlow } from './slow-summary.ts';

export interface Summary {
  readonly device: {
    readonly hostname: string;
    readonly machine: string;
    readonly os: string;
    readonly kernel: string;
    readonly hardware: string;
    readonly cpu: string;
    readonly onlineCpus: number;
    readonly memoryBytes: number;
  };
  /** Covered by samples; of system calls: calls.seconds. */
  readonly seconds: number;
  /** In between and not covered. */
  readonly gapSeconds: number;
  readonly samples: {
    /** seen = kept + idle + filtered + the sum of lost. */
    readonly seen: number;
    readonly kept: number;
    readonly idle: number;
    readonly filtered: number;
    readonly lost: Readonly<Record<string, number>>;
    readonly incompleteStacks: number;
    readonly mergedWindows: number;
  };
  readonly rate: {
    readonly askedHz: number;
    readonly cpus: number;
    /** Seen per second and CPU; null where nothing was covered. */
    readonly measuredHz: number | null;
  };
  /** Of the CPU time all sampled CPUs have, 0..1. */
  readonly cpuBusy: number;
  /** Ten, by self. Shares are of the kept samples, 0..1. */
  readonly hottest: readonly FunctionShare[];
  /** All, largest first. */
  readonly processes: readonly {
    readonly comm: string;
    readonly pid: number;
    readonly container: string;
    readonly samples: number;
    readonly share: number;
  }[];
  /** null where no system calls were recorded. */
  readonly calls: CallSummary | null;
  /** null where no single calls were recorded. */
  readonly slow: SlowSummary | null;
  /** What observing took on the device itself. */
  readonly ownCost: {
    /** Of one CPU, in percent: agent, loader and programs in the kernel. */
    readonly cpuPercent: number;
    readonly agentCpuPercent: number;
    readonly loaderCpuPercent: number;
    readonly bpfCpuPercent: number;
    readonly residentBytes: number;
    readonly kernelMapBytes: number;
    readonly sentBytesPerSecond: number;
  } | null;
}

export interface FunctionShare {
  readonly name: string;
  readonly module: string;
  readonly self: number;
  readonly total: number;
  readonly selfShare: number;
  readonly totalShare: number;
}

const NS_PER_SECOND = 1e9;
const HOTTEST = 10;

/** `slow` is left out where only the other two are looked at. */
export function summarize({
  profile,
  calls,
  slow,
}: Pick<CollectedRecording, 'profile' | 'calls'> & Partial<Pick<CollectedRecording, 'slow'>>): Summary {
  const { device, totals, hz, cpus, coveredNs, gapNs, mergedWindows } = profile;
  const seconds = coveredNs / NS_PER_SECOND;
  const { seen, kept, idle, filtered, incompleteStacks, lost } = totals;
  return {
    device: {
      hostname: device?.hostname ?? '',
      machine: device?.machine ?? '',
      os: device?.osName ?? '',
      kernel: device?.kernelRelease ?? '',
      hardware: device?.hardwareModel ?? '',
      cpu: device?.cpuModel ?? '',
      onlineCpus: device?.onlineCpus ?? 0,
      memoryBytes: device?.memoryBytes ?? 0,
    },
    seconds,
    gapSeconds: gapNs / NS_PER_SECOND,
    samples: { seen, kept, idle, filtered, lost: Object.fromEntries(lost), incompleteStacks, mergedWindows },
    rate: { askedHz: hz, cpus, measuredHz: seconds > 0 ? seen / seconds / cpus : null },
    cpuBusy: seconds > 0 ? kept / hz / seconds / cpus : 0,
    hottest: hottest(profile),
    processes: processes(profile),
    calls: summarizeCalls(calls),
    slow: slow ? summarizeSlow(slow) : null,
    ownCost: ownCost(profile),
  };
}

/** A function that stands in a stack more than once counts once for its total. */
function hottest({ entries, tables }: CollectedProfile): FunctionShare[] {
  const functions = new FunctionIndex(tables);
  const self = new Map<number, number>();
  const total = new Map<number, number>();
  const add = (counts: Map<number, number>, id: number, samples: number): void =>
    void counts.set(id, (counts.get(id) ?? 0) + samples);
  for (const { stack, samples } of entries) {
    const ids = tables.leafToRoot(stack).map((frame) => functions.ofFrame(frame));
    const [leaf] = ids;
    if (leaf !== undefined) add(self, leaf, samples);
    for (const id of new Set(ids)) add(total, id, samples);
  }
  const all = sumOf(entries);
  return [...self]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .slice(0, HOTTEST)
    .map(([id, count]) => {
      const { name = '', file = '' } = functions.all[id] ?? {};
      const whole = total.get(id) ?? 0;
      return {
        name,
        module: file,
        self: count,
        total: whole,
        selfShare: share(count, all),
        totalShare: share(whole, all),
      };
    });
}

function processes({ entries, tables }: CollectedProfile): Summary['processes'] {
  const byProcess = new Map<number, number>();
  for (const { thread, samples } of entries) {
    const process = tables.threads[thread]?.process ?? 0;
    byProcess.set(process, (byProcess.get(process) ?? 0) + samples);
  }
  const all = sumOf(entries);
  return [...byProcess]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .map(([id, samples]) => {
      const { comm = '?', pid = 0, container = '' } = tables.processes[id] ?? {};
      return { comm, pid, container, samples, share: share(samples, all) };
    });
}

function ownCost({ ownCost: cost }: CollectedProfile): Summary['ownCost'] {
  if (cost.ns === 0) return null;
  const percent = (ns: number): number => (100 * ns) / cost.ns;
  return {
    cpuPercent: percent(cost.agentCpuNs + cost.loaderCpuNs + cost.bpfCpuNs),
    agentCpuPercent: percent(cost.agentCpuNs),
    loaderCpuPercent: percent(cost.loaderCpuNs),
    bpfCpuPercent: percent(cost.bpfCpuNs),
    residentBytes: cost.maxResidentBytes,
    kernelMapBytes: cost.maxKernelMapBytes,
    sentBytesPerSecond: (cost.sentBytes * NS_PER_SECOND) / cost.ns,
  };
}

function sumOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.samples, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
