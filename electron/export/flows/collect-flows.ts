/** Network flows added up, and the few that carried most. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import type { Covered } from '../coverage.ts';
import type { ProfileFilter } from '../filter.ts';
import { type FlowRow, flowRow } from './flow-columns.ts';
import { FlowStream } from './flow-stream.ts';
import type { FlowSum, FlowValue } from './flow-sum.ts';
import type { OwnTraffic } from './own-traffic.ts';

const LARGEST = 10;

const SUMMED = ['sent', 'received', 'packets-sent', 'packets-received', 'retransmits', 'resets'] as const;
type Summed = (typeof SUMMED)[number] & FlowValue;

export interface CollectedFlows extends Covered {
  /** All but Sonde's own. */
  readonly flows: number;
  /** Not closed when they were last heard of. */
  readonly open: number;
  readonly sums: Readonly<Record<Summed, number>>;
  /** Connections that never came about, by errno; 0: given up. */
  readonly failed: ReadonlyMap<number, number>;
  /** Packets of flows that found no room of their own, and those that no socket took. */
  readonly othersPackets: number;
  readonly own: Readonly<Pick<OwnTraffic, 'flows' | 'sentBytes' | 'receivedBytes'>>;
  /** Ten, by bytes. */
  readonly largest: readonly FlowRow[];
  /** Ten, by packets that were sent again; none that had to send nothing again. */
  readonly mostRetransmitting: readonly FlowRow[];
}

export class FlowCollector implements Collector<CollectedFlows> {
  private readonly about: About;
  private readonly stream: FlowStream;
  private flows = 0;
  private open = 0;
  private othersPackets = 0;
  private readonly sums = Object.fromEntries(SUMMED.map((name) => [name, 0])) as Record<Summed, number>;
  private readonly failed = new Map<number, number>();
  private largest: FlowSum[] = [];
  private mostRetransmitting: FlowSum[] = [];

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.stream = new FlowStream(about, filter, false);
  }

  take(signal: Signal): void {
    this.count(this.stream.take(signal));
  }

  finish(): CollectedFlows {
    this.count(this.stream.finish());
    const { about, stream, flows, open, sums, failed, othersPackets } = this;
    return {
      ...stream.coverage.result(),
      flows,
      open,
      sums,
      failed,
      othersPackets,
      own: stream.own,
      largest: this.largest.map((sum) => flowRow(sum, about)),
      mostRetransmitting: this.mostRetransmitting.map((sum) => flowRow(sum, about)),
    };
  }

  private count(over: readonly FlowSum[]): void {
    if (over.length === 0) return;
    for (const sum of over) this.countOne(sum);
    this.largest = most([...this.largest, ...over], (sum) => sum.bytes);
    const again = over.filter((sum) => sum.of('retransmits') > 0);
    this.mostRetransmitting = most([...this.mostRetransmitting, ...again], (sum) => sum.of('retransmits'));
  }

  private countOne(sum: FlowSum): void {
    for (const name of SUMMED) this.sums[name] += sum.of(name);
    if (sum.def?.isOthers) {
      this.othersPackets += sum.of('packets-sent') + sum.of('packets-received');
      return;
    }
    this.flows += 1;
    if (!sum.isClosed) this.open += 1;
    const errno = sum.of('errno');
    if (sum.hasFailed) this.failed.set(errno, (this.failed.get(errno) ?? 0) + (sum.of('tries') || 1));
  }
}

function most(sums: readonly FlowSum[], value: (sum: FlowSum) => number): FlowSum[] {
  return sums.toSorted((a, b) => value(b) - value(a)).slice(0, LARGEST);
}
