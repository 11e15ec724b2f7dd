/** What is true of a whole recording, whatever probe wrote it: the device, its dictionaries, its clock, the observer's cost. */
import type { CostSignal, DeviceSignal, Signal } from '../../remote-agent/protocol/index.ts';
import { AddressNames } from './address-names.ts';
import { DNS_PROBE, DnsBook, type DnsRow } from './dns/dns-book.ts';
import { inRange, type ProfileFilter } from './filter.ts';
import { Tables } from './tables.ts';

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

export class About {
  readonly tables = new Tables();
  readonly names = new AddressNames();
  /** Of the last signal: what was asked over DNS and is settled with it. */
  settledDns: readonly DnsRow[] = [];
  readonly ownCost: OwnCost = {
    ns: 0,
    agentCpuNs: 0,
    loaderCpuNs: 0,
    bpfCpuNs: 0,
    maxResidentBytes: 0,
    maxKernelMapBytes: 0,
    sentBytes: 0,
  };
  device: DeviceSignal | null = null;
  /** Device's wall clock minus its monotonic clock. */
  private wallOffsetMs: number | null = null;
  private readonly dns = new DnsBook(this.tables, this.names);

  /** Before whatever else takes the signal: windows need the dictionaries. */
  take(signal: Signal, filter: ProfileFilter): void {
    this.settledDns = [];
    switch (signal.kind) {
      case 'device':
        this.device = signal;
        this.settledDns = this.dns.finish();
        return this.tables.beginRun();
      case 'definitions':
        for (const named of signal.addressNames) this.names.add(named);
        return this.tables.add(signal);
      case 'clock':
        this.wallOffsetMs ??= signal.realtimeMs - signal.monotonicNs / 1e6;
        return;
      case 'window':
        this.tables.look(signal);
        if (signal.probe === DNS_PROBE) this.settledDns = this.dns.take(signal);
        return;
      case 'cost':
        if (inRange(signal, filter)) this.addCost(signal);
        return;
      case 'probe':
      case 'note':
        return;
    }
  }

  /** What was still waited for when the signals came to their end. */
  unsettledDns(): readonly DnsRow[] {
    return this.dns.finish();
  }

  /** Device's wall clock then, ms since 1970; null where it was not recorded. */
  realtimeMs(monotonicNs: number): number | null {
    return this.wallOffsetMs === null ? null : this.wallOffsetMs + monotonicNs / 1e6;
  }

  private addCost(cost: CostSignal): void {
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
