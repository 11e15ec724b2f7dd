/** Adds up the Signals of a recording: how often each thread was seen with each stack, and the facts around it. */
import {
  type CostSignal,
  type DeviceSignal,
  findProbe,
  type Signal,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { inRange, isWanted, type ProfileFilter } from './filter.ts';
import { Tables } from './tables.ts';

const PROBE = 'cpu-profile';
const NS_PER_SECOND = 1e9;
/** Both ids are below 2^26 in any file that fits into memory; together they are exact in a double. */
const STACKS_PER_THREAD = 2 ** 26;

export interface Entry {
  readonly thread: number;
  /** 0 = the stack is missing. */
  readonly stack: number;
  samples: number;
  /** CPU time these samples stand for. */
  cpuNs: number;
}

export interface Totals {
  seen: number;
  kept: number;
  idle: number;
  filtered: number;
  incompleteStacks: number;
  /** By cause. */
  readonly lost: Map<string, number>;
}

/** The observer's own cost, added up. */
export interface OwnCost {
  ns: number;
  agentCpuNs: number;
  loaderCpuNs: number;
  bpfCpuNs: number;
  maxResidentBytes: number;
  maxKernelMapBytes: number;
  sentBytes: number;
}

export interface CollectedProfile {
  readonly device: DeviceSignal | null;
  readonly tables: Tables;
  readonly entries: readonly Entry[];
  /** Of all threads in the range, whatever process or thread was asked for. */
  readonly totals: Readonly<Totals>;
  readonly ownCost: Readonly<OwnCost>;
  /** Samples per second and CPU that were asked for; the last one where it was changed. */
  readonly hz: number;
  readonly cpus: number;
  /** Time covered by windows. */
  readonly coveredNs: number;
  /** Time between windows of one run that no window covers: the link was cut for too long, or the file is damaged. */
  readonly gapNs: number;
  /** Start of the first window, end of the last one. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Device's wall clock at fromNs, ms since 1970; null where it was not recorded. */
  readonly realtimeMs: number | null;
  /** Windows that were put together from several because the link or the device was busy: totals exact, time coarser. */
  readonly mergedWindows: number;
}

/** Rejects when `stop` is aborted. */
export async function collectProfile(
  batches: AsyncIterable<readonly Signal[]>,
  filter: ProfileFilter,
  stop?: AbortSignal,
): Promise<CollectedProfile> {
  const collector = new Collector(filter);
  for await (const batch of batches) {
    stop?.throwIfAborted();
    for (const signal of batch) collector.take(signal);
  }
  return collector.finish();
}

class Collector {
  private readonly filter: ProfileFilter;
  private readonly tables = new Tables();
  private readonly entries = new Map<number, Entry>();
  private readonly totals: Totals = { seen: 0, kept: 0, idle: 0, filtered: 0, incompleteStacks: 0, lost: new Map() };
  private readonly ownCost: OwnCost = {
    ns: 0,
    agentCpuNs: 0,
    loaderCpuNs: 0,
    bpfCpuNs: 0,
    maxResidentBytes: 0,
    maxKernelMapBytes: 0,
    sentBytes: 0,
  };
  private device: DeviceSignal | null = null;
  private hz = defaultHz();
  private cpus = 0;
  private coveredNs = 0;
  private gapNs = 0;
  /** End of the last window of this run. */
  private lastToNs: number | null = null;
  private fromNs: number | null = null;
  private toNs = 0;
  /** Device's wall clock minus its monotonic clock. */
  private wallOffsetMs: number | null = null;
  private mergedWindows = 0;

  constructor(filter: ProfileFilter) {
    this.filter = filter;
  }

  take(signal: Signal): void {
    switch (signal.kind) {
      case 'device':
        this.device = signal;
        this.lastToNs = null;
        this.tables.beginRun();
        return;
      case 'definitions':
        return this.tables.add(signal);
      case 'window':
        return this.window(signal);
      case 'cost':
        return this.cost(signal);
      case 'clock':
        this.wallOffsetMs ??= signal.realtimeMs - signal.monotonicNs / 1e6;
        return;
      case 'probe':
        if (signal.probe !== PROBE || signal.what.kind !== 'started') return;
        this.hz = Number(signal.what.options['hz']) || defaultHz();
        this.cpus = signal.what.cpus;
        return;
      case 'note':
        return;
    }
  }

  finish(): CollectedProfile {
    const fromNs = this.fromNs ?? 0;
    return {
      device: this.device,
      tables: this.tables,
      entries: [...this.entries.values()],
      totals: this.totals,
      ownCost: this.ownCost,
      hz: this.hz,
      cpus: this.cpus || this.device?.onlineCpus || 1,
      coveredNs: this.coveredNs,
      gapNs: this.gapNs,
      fromNs,
      toNs: this.toNs,
      realtimeMs: this.wallOffsetMs === null ? null : this.wallOffsetMs + fromNs / 1e6,
      mergedWindows: this.mergedWindows,
    };
  }

  private window(window: WindowSignal): void {
    if (window.probe !== PROBE || !inRange(window, this.filter)) return;
    this.fromNs ??= window.fromNs;
    this.toNs = window.toNs;
    if (this.lastToNs !== null) this.gapNs += Math.max(0, window.fromNs - this.lastToNs);
    this.lastToNs = window.toNs;
    this.coveredNs += window.toNs - window.fromNs;
    this.mergedWindows += window.drains - 1;
    this.count(window.counters);
    const [threads, , stacks, samples] = window.columns as readonly Uint32Array[];
    if (!threads || !stacks || !samples) return;
    for (let row = 0; row < window.rows; row++) this.add(threads[row] ?? 0, stacks[row] ?? 0, samples[row] ?? 0);
  }

  private add(threadId: number, stackId: number, samples: number): void {
    const thread = this.tables.thread(threadId);
    const stack = this.tables.stack(stackId);
    const key = thread * STACKS_PER_THREAD + stack;
    let entry = this.entries.get(key);
    if (!entry) {
      const def = this.tables.threads[thread];
      if (def && !isWanted(def, this.tables.processOf(thread), this.filter)) return;
      entry = { thread, stack, samples: 0, cpuNs: 0 };
      this.entries.set(key, entry);
    }
    entry.samples += samples;
    entry.cpuNs += (samples * NS_PER_SECOND) / this.hz;
  }

  private count(counters: WindowSignal['counters']): void {
    const { totals } = this;
    totals.seen += counters.seen;
    totals.kept += counters.kept;
    totals.idle += counters.idle;
    totals.filtered += counters.filtered;
    totals.incompleteStacks += counters.incompleteStacks;
    for (const { cause, count } of counters.lost) totals.lost.set(cause, (totals.lost.get(cause) ?? 0) + count);
  }

  private cost(cost: CostSignal): void {
    if (!inRange(cost, this.filter)) return;
    const { ownCost } = this;
    ownCost.ns += cost.toNs - cost.fromNs;
    ownCost.agentCpuNs += cost.agentCpuNs;
    ownCost.loaderCpuNs += cost.loaderCpuNs;
    ownCost.bpfCpuNs += cost.bpfCpuNs;
    ownCost.sentBytes += cost.sentBytes;
    ownCost.maxResidentBytes = Math.max(ownCost.maxResidentBytes, cost.agentResidentBytes + cost.loaderResidentBytes);
    ownCost.maxKernelMapBytes = Math.max(ownCost.maxKernelMapBytes, cost.kernelMapBytes);
  }
}

function defaultHz(): number {
  const option = findProbe(PROBE)?.options.find(({ name }) => name === 'hz');
  return option?.kind === 'integer' && option.default !== null ? option.default : 99;
}
