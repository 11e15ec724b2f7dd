/** Questions that were asked over DNS, counted. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import type { Covered } from '../coverage.ts';
import type { ProfileFilter } from '../filter.ts';
import type { DnsRow } from './dns-book.ts';
import { DnsStream } from './dns-stream.ts';
import { codeOf, type DnsOutcome, dnsOutcome } from './dns-words.ts';

export interface CollectedDns extends Covered {
  readonly outcomes: ReadonlyMap<DnsOutcome, number>;
  /** Of those that failed: by the answer's code. */
  readonly failures: ReadonlyMap<string, number>;
  readonly longestNs: number;
}

export class DnsCollector implements Collector<CollectedDns> {
  private readonly stream: DnsStream;
  private readonly outcomes = new Map<DnsOutcome, number>();
  private readonly failures = new Map<string, number>();
  private longestNs = 0;

  constructor(about: About, filter: ProfileFilter) {
    this.stream = new DnsStream(about, filter);
  }

  take(signal: Signal): void {
    for (const row of this.stream.take(signal)) this.count(row);
  }

  finish(): CollectedDns {
    for (const row of this.stream.finish()) this.count(row);
    const { stream, outcomes, failures, longestNs } = this;
    return { ...stream.coverage.result(), outcomes, failures, longestNs };
  }

  private count(row: DnsRow): void {
    const outcome = dnsOutcome(row);
    add(this.outcomes, outcome);
    if (outcome === 'failed') add(this.failures, codeOf(row));
    this.longestNs = Math.max(this.longestNs, row.exchange?.latencyNs ?? 0);
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
