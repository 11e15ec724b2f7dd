/** System calls in numbers: stable, documented names, because `--json` prints them. */
import { errnoMeaning, errnoName, syscallName } from '../../../remote-agent/protocol/index.ts';
import type { CallEntry } from './call-table.ts';
import type { CollectedCalls } from './collect-calls.ts';

interface Who {
  readonly comm: string;
  readonly pid: number;
  readonly container: string;
}

export interface CallSummary {
  /** Covered by windows. */
  readonly seconds: number;
  readonly gapSeconds: number;
  /** seen = kept + filtered + the sum of lost. */
  readonly seen: number;
  readonly kept: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly mergedWindows: number;
  /** Of the kept ones; null where nothing is covered. */
  readonly perSecond: number | null;
  readonly errors: number;
  readonly errorsPerSecond: number | null;
  /** Ten, by count. */
  readonly top: readonly (Who & {
    readonly call: string;
    readonly count: number;
    readonly errors: number;
    readonly totalSeconds: number;
    readonly p50Ns: number | null;
    readonly p90Ns: number | null;
    readonly p99Ns: number | null;
    readonly maxNs: number | null;
  })[];
  /** Ten, by count. */
  readonly topErrors: readonly (Who & {
    readonly call: string;
    readonly errno: string;
    readonly meaning: string;
    readonly count: number;
  })[];
}

const NS_PER_SECOND = 1e9;
const TOP = 10;

/** null where the recording has no windows of system calls. */
export function summarizeCalls(calls: CollectedCalls): CallSummary | null {
  const { entries, totals, coveredNs, gapNs, mergedWindows } = calls;
  if (coveredNs === 0) return null;
  const seconds = coveredNs / NS_PER_SECOND;
  const { seen, kept, filtered, lost } = totals;
  const errors = entries.reduce((sum, { stats }) => sum + stats.failed, 0);
  return {
    seconds,
    gapSeconds: gapNs / NS_PER_SECOND,
    seen,
    kept,
    filtered,
    lost: Object.fromEntries(lost),
    mergedWindows,
    perSecond: kept / seconds,
    errors,
    errorsPerSecond: errors / seconds,
    top: topCalls(calls),
    topErrors: topErrors(calls),
  };
}

function topCalls({ entries, tables }: CollectedCalls): CallSummary['top'] {
  return largest(entries, ({ stats }) => stats.calls).map((entry) => {
    const { stats } = entry;
    return {
      ...who(entry, tables),
      count: stats.calls,
      errors: stats.failed,
      totalSeconds: Number(stats.totalNs) / NS_PER_SECOND,
      p50Ns: stats.quantileNs(0.5),
      p90Ns: stats.quantileNs(0.9),
      p99Ns: stats.quantileNs(0.99),
      maxNs: stats.maxNs,
    };
  });
}

function topErrors({ entries, tables }: CollectedCalls): CallSummary['topErrors'] {
  const failures = entries.flatMap((entry) => [...entry.errors].map(([errno, { calls }]) => ({ entry, errno, calls })));
  return largest(failures, ({ calls }) => calls).map(({ entry, errno, calls }) => ({
    ...who(entry, tables),
    errno: errnoName(errno),
    meaning: errnoMeaning(errno),
    count: calls,
  }));
}

function who({ process, code }: CallEntry, tables: CollectedCalls['tables']): Who & { readonly call: string } {
  const { comm = '?', pid = 0, container = '' } = tables.processes[process] ?? {};
  return { call: syscallName(code), comm, pid, container };
}

/** A stable sort: what is equal stays in the order of its first coming. */
function largest<T>(all: readonly T[], weight: (item: T) => number): T[] {
  return all.toSorted((a, b) => weight(b) - weight(a)).slice(0, TOP);
}
