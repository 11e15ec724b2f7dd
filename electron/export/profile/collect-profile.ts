/** CPU samples: how often each thread was seen with each stack. */
import { findProbe, type DeviceSignal, type Signal, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { About, OwnCost } from '../about.ts';
import type { Collector } from '../batches.ts';
import { Coverage, type Covered } from '../coverage.ts';
import { isWanted, type ProfileFilter } from '../filter.ts';
import type { Tables } from '../tables.ts';

export const PROFILE_PROBE = 'cpu-profile';
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

export interface CollectedProfile extends Covered {
  readonly device: DeviceSignal | null;
  readonly tables: Tables;
  readonly entries: readonly Entry[];
  readonly ownCost: Readonly<OwnCost>;
  /** Samples per second and CPU that were asked for; the last one where it was changed. */
  readonly hz: number;
  readonly cpus: number;
  /** Device's wall clock at fromNs, ms since 1970; null where it was not recorded. */
  readonly realtimeMs: number | null;
}

export class ProfileCollector implements Collector<CollectedProfile> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly entries = new Map<number, Entry>();
  private readonly coverage: Coverage;
  private hz = defaultHz();
  private cpus = 0;

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
    this.coverage = new Coverage(PROFILE_PROBE, filter);
  }

  take(signal: Signal): void {
    if (this.coverage.take(signal)) this.window(signal);
    if (signal.kind !== 'probe' || signal.probe !== PROFILE_PROBE || signal.what.kind !== 'started') return;
    this.hz = Number(signal.what.options['hz']) || defaultHz();
    this.cpus = signal.what.cpus;
  }

  finish(): CollectedProfile {
    const { about, hz } = this;
    const covered = this.coverage.result();
    return {
      ...covered,
      device: about.device,
      tables: about.tables,
      entries: [...this.entries.values()],
      ownCost: about.ownCost,
      hz,
      cpus: this.cpus || about.device?.onlineCpus || 1,
      realtimeMs: about.realtimeMs(covered.fromNs),
    };
  }

  private window(window: WindowSignal): void {
    const [threads, , stacks, samples] = window.columns as readonly Uint32Array[];
    if (!threads || !stacks || !samples) return;
    for (let row = 0; row < window.rows; row++) this.add(threads[row] ?? 0, stacks[row] ?? 0, samples[row] ?? 0);
  }

  private add(threadId: number, stackId: number, samples: number): void {
    const { tables } = this.about;
    const thread = tables.thread(threadId);
    const stack = tables.stack(stackId);
    const key = thread * STACKS_PER_THREAD + stack;
    let entry = this.entries.get(key);
    if (!entry) {
      if (!isWanted(tables, thread, this.filter)) return;
      entry = { thread, stack, samples: 0, cpuNs: 0 };
      this.entries.set(key, entry);
    }
    entry.samples += samples;
    entry.cpuNs += (samples * NS_PER_SECOND) / this.hz;
  }
}

function defaultHz(): number {
  const option = findProbe(PROFILE_PROBE)?.options.find(({ name }) => name === 'hz');
  return option?.kind === 'integer' && option.default !== null ? option.default : 99;
}
