/** What is true of a whole recording, whatever probe wrote it: the device, its dictionaries, its clock, the observer's cost. */
import type { CostSignal, DeviceSignal, Signal } from '../../remote-agent/protocol/index.ts';
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
  /** Ids of probes that have windows, in whatever range. */
  readonly probes = new Set<string>();
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

  /** Before whatever else takes the signal: windows need the dictionaries. */
  take(signal: Signal, filter: ProfileFilter): void {
    switch (signal.kind) {
      case 'device':
        this.device = signal;
        return this.tables.beginRun();
      case 'definitions':
        return this.tables.add(signal);
      case 'clock':
        this.wallOffsetMs ??= signal.realtimeMs - signal.monotonicNs / 1e6;
        return;
      case 'window':
        this.probes.add(signal.probe);
        return;
      case 'cost':
        if (inRange(signal, filter)) this.addCost(signal);
        return;
      case 'probe':
      case 'note':
        return;
    }
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
