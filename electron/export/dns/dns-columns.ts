/** Questions and answers of DNS as rows. */
import type { ProcessDef } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { type Column, isoTime } from '../rows/column.ts';
import type { DnsRow } from './dns-book.ts';
import { answersText, codeOf, dnsOutcome, questionOf } from './dns-words.ts';

export interface DnsCells {
  readonly row: DnsRow;
  readonly who: ProcessDef | undefined;
  /** Device's wall clock when it was asked; null where it was not recorded. */
  readonly realtimeMs: number | null;
}

export function dnsCells(row: DnsRow, about: About): DnsCells {
  return { row, who: about.tables.processOf(row.thread), realtimeMs: about.realtimeMs(row.atNs) };
}

export const DNS_COLUMNS: readonly Column<DnsCells>[] = [
  {
    name: 'time',
    isText: true,
    help: "when it was asked first, by the device's clock, UTC",
    cell: ({ realtimeMs }) => isoTime(realtimeMs),
  },
  { name: 'asked_ns', unit: 'ns', help: 'the same, device CLOCK_MONOTONIC', cell: ({ row }) => row.atNs },
  { name: 'pid', help: 'process that asked or was asked; empty = not known', cell: ({ who }) => who?.pid ?? null },
  { name: 'comm', isText: true, help: 'its name', cell: ({ who }) => who?.comm ?? '' },
  {
    name: 'container',
    isText: true,
    help: 'name or short id of the container, empty on the host',
    cell: ({ who }) => who?.container ?? '',
  },
  {
    name: 'container_id',
    isText: true,
    help: 'short id of the container, where its name is known',
    cell: ({ who }) => who?.containerId ?? '',
  },
  { name: 'unit', isText: true, help: 'systemd unit, if any', cell: ({ who }) => who?.unit ?? '' },
  {
    name: 'server',
    isText: true,
    help: 'address that was asked, or that asked this box',
    cell: ({ row: { flow } }) => flow?.remoteAddress ?? '',
  },
  { name: 'server_port', help: 'its port', cell: ({ row: { flow } }) => flow?.remotePort ?? null },
  {
    name: 'served',
    help: '1 = this box is the one that was asked',
    cell: ({ row: { exchange } }) => (exchange?.isServed ? 1 : 0),
  },
  { name: 'question', isText: true, help: 'name that was asked for', cell: ({ row }) => questionOf(row).name },
  {
    name: 'type',
    isText: true,
    help: 'A, AAAA, PTR …, or TYPE and its number',
    cell: ({ row }) => questionOf(row).type,
  },
  {
    name: 'outcome',
    isText: true,
    help: 'answered, failed, no-answer, asked-all (mDNS), unasked (an answer only) or unreadable',
    cell: ({ row }) => dnsOutcome(row),
  },
  { name: 'code', isText: true, help: 'of the answer: NOERROR, NXDOMAIN …', cell: ({ row }) => codeOf(row) },
  {
    name: 'answers',
    isText: true,
    help: 'its records: type and data, commas between',
    cell: ({ row }) => answersText(row.message),
  },
  {
    name: 'truncated',
    help: '1 = the server had more to say, or more of it than was kept',
    cell: ({ row: { message } }) => (message && (message.isTruncated || message.flaw === 'cut') ? 1 : 0),
  },
  { name: 'tries', help: 'how often it was asked', cell: ({ row: { exchange } }) => exchange?.tries ?? null },
  {
    name: 'latency_ns',
    unit: 'ns',
    help: 'from the first try to the answer; empty without one',
    cell: ({ row: { exchange } }) => exchange?.latencyNs ?? null,
  },
];
