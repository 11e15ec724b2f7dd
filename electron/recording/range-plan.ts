/**
 * Which chunks make up a range, so that its totals are exact and no more rows come than can be shown:
 *
 *      range          ├──────────────────────────────┤
 *      hours               ▐████████████▌
 *      minutes           ▐▌              ▐▌▐▌▐▌▐▌
 *      as recorded    ▐▌                           ▐▌
 */
import type { PartIndex, RunIndex } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { findProbe, isCounted, type Stretch } from '../../remote-agent/protocol/index.ts';

export type Unit =
  | { readonly kind: 'part'; readonly part: number }
  /** Parts first..end of the chunk of minutes `sum`. */
  | { readonly kind: 'minutes'; readonly sum: number; readonly first: number; readonly end: number }
  /** Chunks of minutes first..end, in the chunk of hours `sum`. */
  | { readonly kind: 'hours'; readonly sum: number; readonly first: number; readonly end: number };

export interface Plan {
  /** In order of time. */
  readonly units: readonly Unit[];
  /** Parts whose single events are shown: the newest, as many as there is room for. */
  readonly events: readonly number[];
  readonly stepNs: number;
}

export interface RangeLimits {
  /** Of windows that are added up. Sums of hours have no limit of their own. */
  readonly rows: number;
  readonly eventRows: number;
}
/** Read and drawn at once. A row takes 16 to 72 bytes of the window's memory. */
export const RANGE_LIMITS: RangeLimits = { rows: 300_000, eventRows: 100_000 };
const STEPS = { part: 0, minutes: 60e9, hours: 3600e9 } as const;

export function planOf(run: RunIndex, range: Stretch, withSums: boolean, limits: RangeLimits): Plan {
  const parts = run.parts.flatMap((part, i) => (overlaps(part, range) ? [i] : []));
  const level = withSums ? levelOf(run, parts, limits.rows) : 'part';
  const units =
    level === 'part'
      ? parts.map(partUnit)
      : level === 'minutes'
        ? minutes(run, parts, range)
        : hours(run, parts, range);
  return { units, events: newestEvents(run, parts, limits.eventRows), stepNs: STEPS[level] };
}

/** Of windows that are added up, in windows as they were recorded. */
export function countedRows({ totals }: PartIndex): number {
  return rowsOf(totals, true);
}

function levelOf({ parts, minutes: sums }: RunIndex, wanted: readonly number[], most: number): Unit['kind'] {
  if (sums.length === 0 || sum(wanted, (i) => countedRows(parts[i]!)) <= most) return 'part';
  const share = ({ first, count }: { first: number; count: number }) =>
    wanted.filter((i) => i >= first && i < first + count).length / count;
  return sum(sums, (each) => Number(each.rows) * share(each)) <= most ? 'minutes' : 'hours';
}

function minutes(run: RunIndex, parts: readonly number[], range: Stretch): Unit[] {
  const units: Unit[] = [];
  for (const part of parts) {
    if (!isInside(run.parts[part]!, range)) {
      units.push(partUnit(part));
      continue;
    }
    const sum = run.minutes.findIndex(({ first, count }) => part >= first && part < first + count);
    const last = units.at(-1);
    if (last?.kind === 'minutes' && last.sum === sum && last.end === part)
      units[units.length - 1] = { ...last, end: part + 1 };
    else units.push({ kind: 'minutes', sum, first: part, end: part + 1 });
  }
  return units;
}

function hours(run: RunIndex, parts: readonly number[], range: Stretch): Unit[] {
  const units: Unit[] = [];
  for (const unit of minutes(run, parts, range)) {
    const whole = unit.kind === 'minutes' ? run.minutes[unit.sum] : undefined;
    if (unit.kind !== 'minutes' || unit.first !== whole?.first || unit.end !== whole.first + whole.count) {
      units.push(unit);
      continue;
    }
    const last = units.at(-1);
    const sum = run.hours.findIndex(({ first, count }) => unit.sum >= first && unit.sum < first + count);
    if (last?.kind === 'hours' && last.sum === sum && last.end === unit.sum)
      units[units.length - 1] = { ...last, end: unit.sum + 1 };
    else units.push({ kind: 'hours', sum, first: unit.sum, end: unit.sum + 1 });
  }
  return units;
}

function newestEvents({ parts }: RunIndex, wanted: readonly number[], most: number): number[] {
  const shown: number[] = [];
  let rows = 0;
  for (const part of wanted.toReversed()) {
    if (!parts[part]!.events) continue;
    rows += rowsOf(parts[part]!.totals, false);
    if (rows > most && shown.length > 0) break;
    shown.push(part);
  }
  return shown.reverse();
}

function rowsOf(totals: PartIndex['totals'], counted: boolean): number {
  return sum(totals, ({ probe, rows }) => {
    const manifest = findProbe(probe);
    return manifest && isCounted(manifest) === counted ? Number(rows) : 0;
  });
}

function partUnit(part: number): Unit {
  return { kind: 'part', part };
}

function overlaps({ fromNs, toNs }: PartIndex, range: Stretch): boolean {
  return toNs > 0n && Number(fromNs) < range.toNs && Number(toNs) > range.fromNs;
}

function isInside({ fromNs, toNs }: PartIndex, range: Stretch): boolean {
  return Number(fromNs) >= range.fromNs && Number(toNs) <= range.toNs;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}
