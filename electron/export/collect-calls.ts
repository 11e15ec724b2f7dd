/** System calls: totals per process and call over a range, or window by window. */
import type { DeviceSignal, Signal, WindowSignal } from '../../remote-agent/protocol/index.ts';
import { About } from './about.ts';
import { type CallEntry, CallTable } from './call-table.ts';
import { type Batches, type CollectOptions, type Collector, signalsOf } from './batches.ts';
import { Coverage, type Covered } from './coverage.ts';
import { inRange, type ProfileFilter } from './filter.ts';
import type { Tables } from './tables.ts';

export const CALLS_PROBE = 'syscalls';

export interface CollectedCalls extends Covered {
  readonly device: DeviceSignal | null;
  readonly tables: Tables;
  readonly entries: readonly CallEntry[];
  /** Device's wall clock at fromNs, ms since 1970; null where it was not recorded. */
  readonly realtimeMs: number | null;
}

export class CallCollector implements Collector<CollectedCalls> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly table = new CallTable();
  private readonly coverage = new Coverage();

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
  }

  take(signal: Signal): void {
    if (signal.kind === 'device') this.coverage.beginRun();
    if (!isCallWindow(signal, this.filter)) return;
    this.coverage.take(signal);
    this.table.take(signal, this.about.tables, this.filter);
  }

  finish(): CollectedCalls {
    return collected(this.about, this.coverage, this.table.entries);
  }
}

/** The calls of one window. */
export interface CallWindow extends Pick<CollectedCalls, 'fromNs' | 'toNs' | 'tables' | 'entries' | 'realtimeMs'> {}

/** One at a time, so that hours need no more memory than a second. At last the whole without its entries. */
export async function* callWindows(
  batches: Batches,
  { filter, stop }: CollectOptions,
): AsyncGenerator<CallWindow, { readonly whole: CollectedCalls; readonly probes: ReadonlySet<string> }, void> {
  const about = new About();
  const coverage = new Coverage();
  for await (const signal of signalsOf(batches, stop)) {
    about.take(signal, filter);
    if (signal.kind === 'device') coverage.beginRun();
    if (!isCallWindow(signal, filter)) continue;
    coverage.take(signal);
    const table = new CallTable();
    table.take(signal, about.tables, filter);
    const { fromNs, toNs } = signal;
    yield { fromNs, toNs, tables: about.tables, entries: table.entries, realtimeMs: about.realtimeMs(fromNs) };
  }
  return { whole: collected(about, coverage, []), probes: about.probes };
}

export function isCallWindow(signal: Signal, filter: ProfileFilter): signal is WindowSignal {
  return signal.kind === 'window' && signal.probe === CALLS_PROBE && inRange(signal, filter);
}

function collected(about: About, coverage: Coverage, entries: readonly CallEntry[]): CollectedCalls {
  const covered = coverage.result();
  const { device, tables } = about;
  return { ...covered, device, tables, entries, realtimeMs: about.realtimeMs(covered.fromNs) };
}
