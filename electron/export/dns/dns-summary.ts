/** DNS of a summary: in numbers, with names that `--json` prints, and in words. */
import { completeness, durationText } from '../summary/summary-words.ts';
import type { CollectedDns } from './collect-dns.ts';

export interface DnsSummary {
  /** Covered by windows. */
  readonly seconds: number;
  readonly gapSeconds: number;
  /** Messages. seen = kept + filtered + the sum of lost. */
  readonly seen: number;
  readonly kept: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly mergedWindows: number;
  /** Questions: answered, failed, no-answer, asked-all; and messages unasked, unreadable. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of the failed: by code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly longestNs: number | null;
}

const NS_PER_SECOND = 1e9;

/** null where the recording has no windows of it. */
export function summarizeDns(dns: CollectedDns): DnsSummary | null {
  const { totals, coveredNs, gapNs, mergedWindows, outcomes, failures, longestNs } = dns;
  if (coveredNs === 0) return null;
  const { seen, kept, filtered, lost } = totals;
  return {
    seconds: coveredNs / NS_PER_SECOND,
    gapSeconds: gapNs / NS_PER_SECOND,
    seen,
    kept,
    filtered,
    lost: Object.fromEntries(lost),
    mergedWindows,
    outcomes: Object.fromEntries(outcomes),
    failures: Object.fromEntries([...failures].toSorted(([, a], [, b]) => b - a)),
    longestNs: longestNs || null,
  };
}

export function dnsLines(dns: DnsSummary): string[] {
  const { seconds, kept, outcomes, failures, longestNs } = dns;
  const of = (outcome: string): number => outcomes[outcome] ?? 0;
  const why = Object.entries(failures).map(([code, count]) => `${code} ${count}`);
  const longest = longestNs === null ? '' : `, the longest took ${durationText(longestNs)}`;
  return [
    `${seconds.toFixed(1)} s of DNS: ${kept} messages, ${of('answered') + of('failed')} questions answered, ${of('failed')} of them with an error${why.length > 0 ? ` (${why.join(', ')})` : ''}, ${of('no-answer')} not answered${longest}`,
    ...completeness(dns),
  ];
}
