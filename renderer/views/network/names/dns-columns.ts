import { dnsCodeMeaning, dnsCodeName, dnsTypeName } from '../../../../remote-agent/protocol/network/dns/index.ts';
import type { DnsGroup, DnsLine } from '../../../derive/flows/dns/index.ts';
import { processName, processOf } from '../../../derive/index.ts';
import type { Tables } from '../../../store/index.ts';
import { formatCount, formatNs } from '../../../widgets/format.ts';
import type { GridColumn, GridSorting } from '../../../widgets/grid.tsx';

export type DnsColumn = 'time' | 'process' | 'question' | 'type' | 'outcome' | 'answer' | 'latency' | 'server';
export type DnsSorting = GridSorting<DnsColumn>;
export const FIRST_DNS_SORTING: DnsSorting = { column: 'time', direction: 'ascending' };

export const DNS_COLUMNS: readonly GridColumn<DnsColumn>[] = [
  { id: 'time', title: 'Asked', help: 'Time of day on the device' },
  { id: 'process', title: 'Process', sorts: false },
  { id: 'question', title: 'Name', sorts: false },
  { id: 'type', title: 'Type', sorts: false },
  { id: 'outcome', title: 'Outcome', sorts: false },
  { id: 'answer', title: 'Answer', sorts: false },
  { id: 'latency', title: 'Latency', help: 'From the first try to the answer' },
  { id: 'server', title: 'Server', sorts: false },
];

export type GroupColumn = 'text' | 'queries' | 'answered' | 'failed' | 'unanswered' | 'p50' | 'longest';
export type GroupSorting = GridSorting<GroupColumn>;
export const FIRST_GROUP_SORTING: GroupSorting = { column: 'queries', direction: 'descending' };

export function groupColumns(title: string): readonly GridColumn<GroupColumn>[] {
  return [
    { id: 'text', title },
    { id: 'queries', title: 'Queries' },
    { id: 'answered', title: 'Answered' },
    { id: 'failed', title: 'Failed', help: 'Answered with an error, such as NXDOMAIN' },
    { id: 'unanswered', title: 'No answer', help: 'None within 5 s' },
    { id: 'p50', title: 'p50', help: 'Half of the answers came within this time' },
    { id: 'longest', title: 'Max' },
  ];
}

/** `lines` are in the order of time. */
export function sortLines(lines: readonly DnsLine[], { column, direction }: DnsSorting): readonly DnsLine[] {
  if (column !== 'latency') return direction === 'ascending' ? lines : lines.toReversed();
  const sign = direction === 'ascending' ? 1 : -1;
  const none = Number.POSITIVE_INFINITY * sign;
  const key = ({ exchange }: DnsLine) => exchange.latencyNs ?? none;
  return lines.toSorted((a, b) => (key(a) === key(b) ? a.id - b.id : sign * (key(a) - key(b))));
}

export function sortDnsGroups(groups: readonly DnsGroup[], { column, direction }: GroupSorting): readonly DnsGroup[] {
  const sign = direction === 'ascending' ? 1 : -1;
  if (column === 'text') return groups.toSorted((a, b) => (a.text < b.text ? -sign : sign));
  const none = Number.POSITIVE_INFINITY * sign;
  const key = (group: DnsGroup) => {
    const value = group[VALUES[column]];
    return Number.isNaN(value) ? none : value;
  };
  return groups.toSorted((a, b) => (key(a) === key(b) ? a.id - b.id : sign * (key(a) - key(b))));
}

const VALUES = {
  queries: 'queries',
  answered: 'answered',
  failed: 'failed',
  unanswered: 'unanswered',
  p50: 'p50Ns',
  longest: 'longestNs',
} as const;

export function questionType({ exchange }: DnsLine): string {
  return dnsTypeName(exchange.question.type);
}

export function outcomeText({ exchange, outcome }: DnsLine): string {
  if (outcome === 'waiting') return exchange.isMulticast ? 'asked all' : 'waiting';
  if (outcome === 'unanswered') return exchange.tries > 1 ? `no answer, ${exchange.tries} tries` : 'no answer';
  return dnsCodeName(exchange.answer?.code ?? 0);
}

export function outcomeHelp({ exchange, outcome }: DnsLine): string {
  return outcome === 'failed' ? dnsCodeMeaning(exchange.answer?.code ?? 0) : '';
}

const MOST_ANSWERS = 4;

/** "10.0.0.9, 10.0.0.10" */
export function answerText({ exchange: { answer } }: DnsLine): string {
  if (!answer) return '';
  if (answer.answers.length === 0) return answer.code === 0 ? 'no such record' : (answer.extendedError?.text ?? '');
  const data = answer.answers.slice(0, MOST_ANSWERS).map((record) => record.data);
  const more = answer.answers.length - data.length;
  return data.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}

export function latencyText({ exchange }: DnsLine): string {
  return exchange.latencyNs === null ? '–' : formatNs(exchange.latencyNs);
}

export function ownerOf({ exchange }: DnsLine, tables: Tables): string {
  const process = processOf(tables, exchange.thread);
  return process === 0 ? 'unknown' : processName(tables, process);
}
