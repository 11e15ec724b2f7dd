/** What was asked over DNS in a range. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { Coverage } from '../coverage.ts';
import { isAt, isWanted, type ProfileFilter } from '../filter.ts';
import type { RowStream } from '../rows/sources.ts';
import { DNS_PROBE, type DnsRow } from './dns-book.ts';

export class DnsStream implements RowStream<DnsRow> {
  readonly coverage: Coverage;
  private readonly about: About;
  private readonly filter: ProfileFilter;

  /** `about` has heard each signal before. */
  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
    this.coverage = new Coverage(DNS_PROBE, filter);
  }

  take(signal: Signal): DnsRow[] {
    this.coverage.take(signal);
    return this.wanted(this.about.settledDns);
  }

  finish(): DnsRow[] {
    return this.wanted(this.about.unsettledDns());
  }

  private wanted(rows: readonly DnsRow[]): DnsRow[] {
    const { about, filter } = this;
    return rows.filter(({ atNs, thread }) => isAt(atNs, filter) && isWanted(about.tables, thread, filter));
  }
}
