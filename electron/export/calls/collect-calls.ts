/** System calls: totals per process and call over a range. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import { Coverage, type Covered } from '../coverage.ts';
import type { ProfileFilter } from '../filter.ts';
import type { Tables } from '../tables.ts';
import { type CallEntry, CallTable } from './call-table.ts';

export const CALLS_PROBE = 'syscalls';

export interface CollectedCalls extends Covered {
  readonly tables: Tables;
  readonly entries: readonly CallEntry[];
}

export class CallCollector implements Collector<CollectedCalls> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly table = new CallTable();
  private readonly coverage: Coverage;

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
    this.coverage = new Coverage(CALLS_PROBE, filter);
  }

  take(signal: Signal): void {
    if (this.coverage.take(signal)) this.table.take(signal, this.about.tables, this.filter);
  }

  finish(): CollectedCalls {
    return { ...this.coverage.result(), tables: this.about.tables, entries: this.table.entries };
  }
}
