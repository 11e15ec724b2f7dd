/** What triggers look at beside windows, read from /proc and /sys; only what a trigger asks for. */
import { readdirSync } from 'node:fs';
import { readSmall } from '../proc/procfs.ts';
import { parseAvailable, parseBusy } from '../self/cost.ts';
import { parseCpuList } from '../self/device-info.ts';
import type { Readings, TriggerWatch } from './trigger-watch.ts';

const THERMAL = '/sys/class/thermal';
const NS_PER_MS = 1e6;

export class ReadingTaker {
  private readonly procRoot: string;
  private readonly watch: TriggerWatch;
  private readonly cpus = parseCpuList(readSmall('/sys/devices/system/cpu/online') ?? '0');
  private busy: { readonly atMs: number; readonly ns: bigint } | null = null;
  /** Looks that a process was seen in: the first may find it before it has become what it is (fork, then exec). */
  private readonly seen = new Map<string, { comm: string; looks: number }>();
  private isFirst = true;

  constructor(procRoot: string, watch: TriggerWatch) {
    this.procRoot = procRoot;
    this.watch = watch;
  }

  take(nowMs: number): Readings {
    const { watch } = this;
    return {
      cpuShare: watch.watches('cpu') ? this.cpuShare(nowMs) : null,
      availableBytes: watch.watches('memory') ? availableBytes(this.procRoot) : Number.POSITIVE_INFINITY,
      celsius: watch.watches('temperature') ? hottest() : null,
      started: watch.watches('process') ? this.started() : [],
    };
  }

  private cpuShare(nowMs: number): number | null {
    const ns = parseBusy(readSmall(`${this.procRoot}/stat`) ?? '');
    const { busy } = this;
    this.busy = { atMs: nowMs, ns };
    if (!busy || nowMs <= busy.atMs) return null;
    return Number(ns - busy.ns) / ((nowMs - busy.atMs) * NS_PER_MS * this.cpus);
  }

  private started(): string[] {
    const pids = readdirSync(this.procRoot).filter((name) => name.charCodeAt(0) <= 57 && name.charCodeAt(0) >= 48);
    const names: string[] = [];
    for (const pid of pids) {
      const known = this.seen.get(pid);
      if (known && known.looks > 1) continue;
      const comm = (readSmall(`${this.procRoot}/${pid}/comm`, 64) ?? '').trimEnd();
      if (comm !== '' && comm !== known?.comm && !this.isFirst) names.push(comm);
      this.seen.set(pid, { comm, looks: this.isFirst ? 2 : (known?.looks ?? 0) + 1 });
    }
    const alive = new Set(pids);
    for (const pid of this.seen.keys()) if (!alive.has(pid)) this.seen.delete(pid);
    this.isFirst = false;
    return names;
  }
}

function availableBytes(procRoot: string): number {
  const bytes = Number(parseAvailable(readSmall(`${procRoot}/meminfo`) ?? ''));
  return bytes > 0 ? bytes : Number.POSITIVE_INFINITY; // a kernel that does not say
}

function hottest(): number | null {
  let zones: string[] = [];
  try {
    zones = readdirSync(THERMAL).filter((name) => name.startsWith('thermal_zone'));
  } catch {
    // no thermal framework: no sensor
  }
  const found = zones.map((zone) => Number(readSmall(`${THERMAL}/${zone}/temp`) ?? Number.NaN) / 1000);
  const known = found.filter(Number.isFinite);
  return known.length > 0 ? Math.max(...known) : null;
}
