/** Flows added up further: by process or by remote address; or one by one. For those who look at a session as it goes. */
import type { FlowDef, ProcessDef, Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import type { Covered } from '../coverage.ts';
import { EVERYTHING, type ProfileFilter } from '../filter.ts';
import { FlowStream } from './flow-stream.ts';
import type { FlowSum } from './flow-sum.ts';
import type { OwnTraffic } from './own-traffic.ts';

export type FlowGrouping = 'flow' | 'process' | 'remote';

/** Of more, those that carried least are left out: a session of days has millions of flows. */
const MOST_GROUPS = 10_000;

export interface FlowGroup {
  /** null where the group is of all processes; undefined: it is not known. */
  readonly who: ProcessDef | null | undefined;
  /** Of one of its flows; null where the group is of a process. */
  readonly def: FlowDef | null | undefined;
  /** Of the remote address; '' where none is known. */
  readonly name: string;
  flows: number;
  sent: number;
  received: number;
  packetsSent: number;
  retransmits: number;
  /** Of the slowest; 0 = not known. */
  rttNs: number;
  /** Of one flow. */
  stateName: string;
}

export interface CollectedFlowGroups extends Covered {
  /** Without Sonde's own, unless it was asked for. */
  readonly groups: readonly FlowGroup[];
  /** How many there were that are not among them, because they carried too little. */
  readonly leftOut: number;
  readonly own: OwnTraffic;
}

export interface FlowGroupOptions {
  readonly by: FlowGrouping;
  readonly includeOwn: boolean;
  /** Left out: everything. */
  readonly filter?: ProfileFilter;
}

export class FlowGroupCollector implements Collector<CollectedFlowGroups> {
  private readonly about: About;
  private readonly by: FlowGrouping;
  private readonly stream: FlowStream;
  private groups = new Map<string | number, FlowGroup>();
  private leftOut = 0;

  constructor(about: About, { by, includeOwn, filter = EVERYTHING }: FlowGroupOptions) {
    this.about = about;
    this.by = by;
    this.stream = new FlowStream(about, filter, includeOwn);
  }

  take(signal: Signal): void {
    for (const sum of this.stream.take(signal)) this.add(sum);
  }

  finish(): CollectedFlowGroups {
    for (const sum of this.stream.finish()) this.add(sum);
    const { stream, groups, leftOut } = this;
    return { ...stream.coverage.result(), groups: [...groups.values()], leftOut, own: stream.own };
  }

  private add(sum: FlowSum): void {
    const group = this.groupOf(sum);
    group.flows += 1;
    group.sent += sum.of('sent');
    group.received += sum.of('received');
    group.packetsSent += sum.of('packets-sent');
    group.retransmits += sum.of('retransmits');
    group.rttNs = Math.max(group.rttNs, sum.of('rtt'));
    group.stateName = sum.stateName;
    if (this.groups.size > 2 * MOST_GROUPS) this.trim();
  }

  private groupOf(sum: FlowSum): FlowGroup {
    const key = this.keyOf(sum);
    let group = this.groups.get(key);
    if (!group) {
      const { tables, names } = this.about;
      group = {
        who: this.by === 'remote' ? null : tables.processOf(sum.thread),
        def: this.by === 'process' ? null : sum.def,
        name: this.by === 'process' ? '' : names.of(sum.def?.remoteAddress ?? ''),
        flows: 0,
        sent: 0,
        received: 0,
        packetsSent: 0,
        retransmits: 0,
        rttNs: 0,
        stateName: '',
      };
      this.groups.set(key, group);
    }
    return group;
  }

  private keyOf({ id, def, thread }: FlowSum): string | number {
    switch (this.by) {
      case 'flow':
        return id;
      case 'process':
        return this.about.tables.threads[thread]?.process ?? 0;
      case 'remote':
        return def ? `${def.isOthers} ${def.remoteAddress}` : '';
    }
  }

  private trim(): void {
    const all = [...this.groups].toSorted(([, a], [, b]) => b.sent + b.received - a.sent - a.received);
    this.leftOut += all.length - MOST_GROUPS;
    this.groups = new Map(all.slice(0, MOST_GROUPS));
  }
}
