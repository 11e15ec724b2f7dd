/** The device's clocks. */
import { readSmall } from '../proc/procfs.ts';

const NS_PER_MS = 1_000_000n;
/** Date.now() counts whole milliseconds: the middle of one is right to half of it. */
const HALF_MS_NS = 500_000n;

/** CLOCK_MONOTONIC: what libuv reads, and what the kernel stamps our windows with. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

export interface ClockReading {
  readonly monotonicNs: bigint;
  readonly realtimeNs: bigint;
  readonly boottimeNs: bigint;
  readonly uncertaintyNs: number;
}

/** Wall clock read between two readings of the monotonic one: it belongs to the middle, give or take half the gap. */
export function readClocks(procRoot: string): ClockReading {
  const before = monotonicNs();
  const wallMs = Date.now();
  const after = monotonicNs();
  const halfGap = (after - before) / 2n;
  return {
    monotonicNs: before + halfGap,
    realtimeNs: BigInt(wallMs) * NS_PER_MS + HALF_MS_NS,
    boottimeNs: uptimeNs(procRoot),
    uncertaintyNs: Number(halfGap + HALF_MS_NS),
  };
}

/** CLOCK_BOOTTIME to 10 ms; with suspended time, unlike the monotonic clock. */
export function uptimeNs(procRoot: string): bigint {
  const seconds = Number.parseFloat(readSmall(`${procRoot}/uptime`) ?? '0');
  return BigInt(Math.round((Number.isFinite(seconds) ? seconds : 0) * 1000)) * NS_PER_MS;
}
