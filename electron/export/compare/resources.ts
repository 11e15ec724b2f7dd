/** What the device as a whole did meanwhile: load and memory, from the records of the observer's cost. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import { inRange, type ProfileFilter } from '../filter.ts';

export interface Resources {
  /** Of all its CPUs, 0..1; null where nothing was measured. */
  readonly cpuBusy: number | null;
  readonly leastMemoryAvailableBytes: number | null;
  readonly meanMemoryAvailableBytes: number | null;
  /** Of one CPU, 0..1. */
  readonly observer: number | null;
}

export class ResourceCollector implements Collector<Resources> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private ns = 0;
  private busyNs = 0;
  private ownNs = 0;
  private memory = { times: 0, sum: 0, least: Number.POSITIVE_INFINITY };

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
  }

  take(signal: Signal): void {
    if (signal.kind !== 'cost' || !inRange(signal, this.filter)) return;
    this.ns += signal.toNs - signal.fromNs;
    this.busyNs += signal.deviceCpuBusyNs;
    this.ownNs += signal.agentCpuNs + signal.loaderCpuNs + signal.bpfCpuNs;
    if (signal.memoryAvailableBytes === 0) return;
    this.memory.times += 1;
    this.memory.sum += signal.memoryAvailableBytes;
    this.memory.least = Math.min(this.memory.least, signal.memoryAvailableBytes);
  }

  finish(): Resources {
    const { ns, busyNs, ownNs, memory } = this;
    const cpus = this.about.device?.onlineCpus ?? 0;
    return {
      cpuBusy: ns > 0 && cpus > 0 ? busyNs / ns / cpus : null,
      leastMemoryAvailableBytes: memory.times > 0 ? memory.least : null,
      meanMemoryAvailableBytes: memory.times > 0 ? memory.sum / memory.times : null,
      observer: ns > 0 ? ownNs / ns : null,
    };
  }
}
