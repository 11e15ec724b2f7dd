import type { DnsExchange } from '../../../../remote-agent/protocol/network/dns/index.ts';
import type { Tables } from '../../../store/model.ts';
import { type Filter, threadTest } from '../../select.ts';
import type { DnsSeenSoFar } from './dns-book.ts';
import { type DnsOutcome, dnsOutcome } from './dns-outcome.ts';

export interface DnsLine {
  /** The same from one update to the next. */
  readonly id: number;
  readonly exchange: DnsExchange;
  readonly outcome: DnsOutcome;
}

/** What was asked in a range by those who pass the filter, in the order of time. */
export function dnsLines(
  { exchanges, firstNumber }: DnsSeenSoFar,
  tables: Tables,
  range: { readonly fromNs: number; readonly toNs: number },
  { process, container }: Pick<Filter, 'process' | 'container'>,
): DnsLine[] {
  const passes = threadTest(tables, { process, container, thread: null });
  const lines: DnsLine[] = [];
  for (const [at, exchange] of exchanges.entries()) {
    const { askedNs, thread } = exchange;
    if (askedNs < range.fromNs || askedNs > range.toNs || !passes(thread)) continue;
    lines.push({ id: firstNumber + at, exchange, outcome: dnsOutcome(exchange, range.toNs) });
  }
  return lines;
}

/** Queries that have something in common. */
export interface DnsGroup {
  readonly id: number;
  readonly text: string;
  readonly queries: number;
  readonly answered: number;
  readonly failed: number;
  readonly unanswered: number;
  /** Of answers; NaN where there is none. */
  readonly p50Ns: number;
  readonly longestNs: number;
}

/** By what `textOf` calls them; most first. `ids` keeps the number of each text. */
export function dnsGroups(
  lines: readonly DnsLine[],
  ids: Map<string, number>,
  textOf: (line: DnsLine) => string,
): DnsGroup[] {
  const groups = new Map<string, DnsLine[]>();
  for (const line of lines) {
    const text = textOf(line);
    const group = groups.get(text);
    if (group) group.push(line);
    else groups.set(text, [line]);
  }
  return [...groups]
    .map(([text, members]) => groupOf(numberOf(ids, text), text, members))
    .sort((a, b) => b.queries - a.queries || a.id - b.id);
}

function numberOf(ids: Map<string, number>, text: string): number {
  const known = ids.get(text) ?? ids.size;
  ids.set(text, known);
  return known;
}

function groupOf(id: number, text: string, members: readonly DnsLine[]): DnsGroup {
  const latencies = Float64Array.from(members.flatMap(({ exchange }) => exchange.latencyNs ?? [])).sort();
  const count = (wanted: DnsOutcome) => members.filter(({ outcome }) => outcome === wanted).length;
  return {
    id,
    text,
    queries: members.length,
    answered: count('answered'),
    failed: count('failed'),
    unanswered: count('unanswered'),
    p50Ns: latencies[Math.floor((latencies.length - 1) / 2)] ?? Number.NaN,
    longestNs: latencies.at(-1) ?? Number.NaN,
  };
}
