/** What the observer itself costs the device: agent, loaders and BPF programs, and the load they are part of. */
import type { Cost } from '../../protocol/generated/sonde_pb.ts';
import { readSmall } from '../proc/procfs.ts';

const NS_PER_US = 1000n;
/** USER_HZ, see proc/stat.ts. */
const NS_PER_TICK = 10_000_000n;
const KIB = 1024n;

/** Running totals of the loaders; differences are taken here. */
export interface LoaderTotals {
  readonly cpuNs: bigint;
  readonly bpfCpuNs: bigint;
  readonly residentBytes: bigint;
  readonly mapBytes: bigint;
}

interface Totals {
  readonly atNs: bigint;
  readonly agentCpuNs: bigint;
  readonly loaderCpuNs: bigint;
  readonly bpfCpuNs: bigint;
  readonly sentBytes: bigint;
  readonly busyNs: bigint;
}

export type CostInit = Omit<Cost, '$typeName' | '$unknown'>;

export class CostMeter {
  private readonly procRoot: string;
  private last: Totals;

  constructor(procRoot: string, atNs: bigint) {
    this.procRoot = procRoot;
    this.last = this.measure(atNs, { cpuNs: 0n, bpfCpuNs: 0n }, 0);
  }

  /** Since the last call. */
  take(atNs: bigint, loaders: LoaderTotals, sentBytes: number, spoolBytes: number): CostInit {
    const { last } = this;
    const now = this.measure(atNs, loaders, sentBytes);
    this.last = now;
    return {
      fromNs: last.atNs,
      toNs: now.atNs,
      agentCpuNs: since(now.agentCpuNs, last.agentCpuNs),
      loaderCpuNs: since(now.loaderCpuNs, last.loaderCpuNs),
      bpfCpuNs: since(now.bpfCpuNs, last.bpfCpuNs),
      agentResidentBytes: BigInt(process.memoryUsage.rss()),
      loaderResidentBytes: loaders.residentBytes,
      kernelMapBytes: loaders.mapBytes,
      sentBytes: since(now.sentBytes, last.sentBytes),
      spoolBytes: BigInt(spoolBytes),
      deviceCpuBusyNs: since(now.busyNs, last.busyNs),
      memoryAvailableBytes: parseAvailable(readSmall(`${this.procRoot}/meminfo`) ?? ''),
    };
  }

  private measure(atNs: bigint, loaders: Pick<LoaderTotals, 'cpuNs' | 'bpfCpuNs'>, sentBytes: number): Totals {
    const { user, system } = process.cpuUsage();
    return {
      atNs,
      agentCpuNs: BigInt(user + system) * NS_PER_US,
      loaderCpuNs: loaders.cpuNs,
      bpfCpuNs: loaders.bpfCpuNs,
      sentBytes: BigInt(sentBytes),
      busyNs: parseBusy(readSmall(`${this.procRoot}/stat`) ?? ''),
    };
  }
}

/** A new run counts its loaders and bytes from zero. */
function since(now: bigint, last: bigint): bigint {
  return now >= last ? now - last : now;
}

/** First line of /proc/stat: "cpu user nice system idle iowait irq softirq steal guest …"; guest is part of user. */
export function parseBusy(text: string): bigint {
  const ticks = text.slice(0, text.indexOf('\n')).split(/ +/).slice(1, 9).map(Number);
  const busy = ticks.reduce((sum, value, i) => (i === 3 || i === 4 || !Number.isFinite(value) ? sum : sum + value), 0);
  return BigInt(busy) * NS_PER_TICK;
}

export function parseAvailable(text: string): bigint {
  return BigInt(/^MemAvailable:\s+(\d+)/m.exec(text)?.[1] ?? 0) * KIB;
}
