/** A recording in numbers: stable, documented names, because `--json` prints them. */
import { type CallSummary, summarizeCalls } from '../calls/call-summary.ts';
import type { CollectedRecording } from '../collect.ts';
import { type DnsSummary, summarizeDns } from '../dns/dns-summary.ts';
import { type DropSummary, summarizeDrops } from '../drops/drop-summary.ts';
import { type FlowSummary, summarizeFlows } from '../flows/flow-summary.ts';
import type { CollectedProfile } from '../profile/collect-profile.ts';
import { busiest, type FunctionShare, hottest, type ProcessShare } from '../profile/profile-shares.ts';
import { type SlowSummary, summarizeSlow } from '../slow/slow-summary.ts';

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
  readonly processes: readonly ProcessShare[];
  /** null where no system calls were recorded. */
  readonly calls: CallSummary | null;
  /** null where no single calls were recorded. */
  readonly slow: SlowSummary | null;
  /** null where no network flows were recorded. */
  readonly flows: FlowSummary | null;
  /** null where no DNS messages were recorded. */
  readonly dns: DnsSummary | null;
  /** null where no dropped packets were looked for. */
  readonly drops: DropSummary | null;
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

const NS_PER_SECOND = 1e9;

export function summarize({ profile, calls, slow, flows, dns, drops }: CollectedRecording): Summary {
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
    processes: busiest(profile),
    calls: summarizeCalls(calls),
    slow: summarizeSlow(slow),
    flows: summarizeFlows(flows),
    dns: summarizeDns(dns),
    drops: summarizeDrops(drops),
    ownCost: ownCost(profile),
  };
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
