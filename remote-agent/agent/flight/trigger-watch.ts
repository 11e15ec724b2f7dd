/** Whether something happened that is worth keeping: triggers against what the agent sees anyway, once a second. Pure. */
import { errnoName, quantileNs, syscallName, type Trigger, triggerText, type WindowSum } from '../../protocol/index.ts';

/** After a trigger has fired it is quiet for this long: one bad minute is one event. */
export const COOL_DOWN_MS = 30_000;
const BUCKETS = 64;

export interface Readings {
  /** Share of all CPUs together that was busy, 0…1; null = not known. */
  readonly cpuShare: number | null;
  readonly availableBytes: number;
  /** null = the device has no sensor. */
  readonly celsius: number | null;
  /** Names of processes that are new. */
  readonly started: readonly string[];
}

export interface Firing {
  readonly trigger: string;
  /** What was seen: "93 %". */
  readonly found: string;
}

/** What the windows since the last look have of one trigger. */
interface Sum {
  count: number;
  /** Latencies: calls by bucket, and the longest. */
  readonly buckets: Float64Array;
  longestNs: number;
}

interface Watched {
  readonly trigger: Trigger;
  readonly sum: Sum;
  /** Since when its condition holds; null = it does not. */
  sinceMs: number | null;
  quietUntilMs: number;
}

export class TriggerWatch {
  private readonly watched: readonly Watched[];
  private readonly columnsOf = new Map<string, ReadonlyMap<string, number>>();
  private lastMs: number;

  constructor(triggers: readonly Trigger[], nowMs: number) {
    this.lastMs = nowMs;
    this.watched = triggers.map((trigger) => ({ trigger, sum: emptySum(), sinceMs: null, quietUntilMs: 0 }));
  }

  watches(kind: Trigger['kind']): boolean {
    return this.watched.some(({ trigger }) => trigger.kind === kind);
  }

  window(window: WindowSum): void {
    const lost = window.counters.lost.reduce((sum, { count }) => sum + Number(count), 0);
    for (const { trigger, sum } of this.watched) {
      if (trigger.kind === 'loss') sum.count += lost;
      else if ((trigger.kind === 'errno' || trigger.kind === 'latency') && window.manifest.id === 'syscalls')
        this.addCalls(trigger, window, sum);
    }
  }

  /** What has happened since the last look. */
  look(nowMs: number, readings: Readings): Firing[] {
    const seconds = Math.max(0.5, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    const firings: Firing[] = [];
    for (const each of this.watched) {
      const found = judge(each, readings, seconds);
      Object.assign(each.sum, emptySum());
      each.sinceMs = found === null ? null : (each.sinceMs ?? nowMs - 1000 * seconds);
      const forMs = 'forS' in each.trigger ? each.trigger.forS * 1000 : 0;
      // A second is never quite a second.
      if (found === null || each.sinceMs === null || nowMs - each.sinceMs < forMs - 500 || nowMs < each.quietUntilMs)
        continue;
      each.quietUntilMs = nowMs + COOL_DOWN_MS;
      firings.push({ trigger: triggerText(each.trigger), found });
    }
    return firings;
  }

  private addCalls(trigger: Extract<Trigger, { kind: 'errno' | 'latency' }>, window: WindowSum, sum: Sum): void {
    const column = (name: string) => window.columns[this.positions(window).get(name) ?? 0] as Float64Array;
    const [calls, codes, errnos, buckets, longest] = ['calls', 'call', 'errno', 'bucket', 'longest'].map(column);
    for (let row = 0; row < window.rows; row++) {
      if (trigger.call !== '' && syscallName(codes?.[row] ?? 0) !== trigger.call) continue;
      const count = calls?.[row] ?? 0;
      if (trigger.kind === 'errno') {
        if (errnos?.[row] === trigger.errno) sum.count += count;
        continue;
      }
      const bucket = buckets?.[row] ?? BUCKETS;
      if (bucket >= BUCKETS) continue;
      sum.buckets[bucket] = (sum.buckets[bucket] ?? 0) + count;
      sum.longestNs = Math.max(sum.longestNs, longest?.[row] ?? 0);
    }
  }

  private positions({ manifest }: WindowSum): ReadonlyMap<string, number> {
    const known = this.columnsOf.get(manifest.id) ?? new Map(manifest.columns.map(({ name }, i) => [name, i]));
    this.columnsOf.set(manifest.id, known);
    return known;
  }
}

function emptySum(): Sum {
  return { count: 0, buckets: new Float64Array(BUCKETS), longestNs: 0 };
}

/** What was found where the condition holds; null where it does not. */
function judge({ trigger, sum }: Watched, readings: Readings, seconds: number): string | null {
  switch (trigger.kind) {
    case 'cpu': {
      const percent = (readings.cpuShare ?? 0) * 100;
      return percent >= trigger.percent ? `${percent.toFixed(0)} %` : null;
    }
    case 'errno': {
      const perS = sum.count / seconds;
      return perS >= trigger.perS && perS > 0 ? `${perS.toFixed(1)} ${errnoName(trigger.errno)} a second` : null;
    }
    case 'latency': {
      const ns = quantileNs(sum.buckets, sum.longestNs, trigger.percentile / 100);
      return ns !== null && ns >= trigger.ns ? `${(ns / 1e6).toPrecision(3)} ms` : null;
    }
    case 'loss':
      return sum.count > 0 ? `${sum.count} lost` : null;
    case 'memory':
      return readings.availableBytes < trigger.bytes
        ? `${Math.round(readings.availableBytes / 1e6)} MB available`
        : null;
    case 'process':
      return readings.started.includes(trigger.comm) ? 'it was started' : null;
    case 'temperature':
      return readings.celsius !== null && readings.celsius >= trigger.celsius
        ? `${readings.celsius.toFixed(0)} °C`
        : null;
  }
}
