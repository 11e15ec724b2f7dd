/** Flows as rows. */
import { errnoName, type ProcessDef, protocolName } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { type Column, isoTime } from '../rows/column.ts';
import type { FlowSum, FlowValue } from './flow-sum.ts';

export interface FlowRow {
  readonly sum: FlowSum;
  readonly who: ProcessDef | undefined;
  /** '' where none is known. */
  readonly remoteName: string;
  /** Device's wall clock; null where it was not recorded or did not happen. */
  readonly openedMs: number | null;
  readonly closedMs: number | null;
}

export function flowRow(sum: FlowSum, about: About): FlowRow {
  const wall = (ns: number | undefined): number | null => (ns ? about.realtimeMs(ns) : null);
  return {
    sum,
    who: about.tables.processOf(sum.thread),
    remoteName: about.names.of(sum.def?.remoteAddress ?? ''),
    openedMs: wall(sum.def?.openedNs),
    closedMs: wall(sum.of('closed')),
  };
}

const counted = (name: string, value: FlowValue, unit: string, help: string): Column<FlowRow> => ({
  name,
  unit,
  help,
  cell: ({ sum }) => sum.of(value),
});

const measured = (name: string, value: FlowValue, help: string): Column<FlowRow> => ({
  name,
  unit: 'ns',
  help: `${help}; empty = not known`,
  cell: ({ sum }) => sum.of(value) || null,
});

const WHO: readonly Column<FlowRow>[] = [
  {
    name: 'flow',
    help: 'number of the flow in this file; ends and ports may be used twice',
    cell: ({ sum }) => sum.id,
  },
  { name: 'pid', help: 'process that owns the socket; empty = not known', cell: ({ who }) => who?.pid ?? null },
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
];

const ENDS: readonly Column<FlowRow>[] = [
  {
    name: 'protocol',
    isText: true,
    help: 'tcp, udp, icmp, icmpv6, or ip-NUMBER',
    cell: ({ sum: { def } }) => (def ? protocolName(def.protocol) : ''),
  },
  {
    name: 'direction',
    isText: true,
    help: 'who opened it: out, in, listening or unknown',
    cell: ({ sum }) => sum.def?.direction ?? '',
  },
  { name: 'state', isText: true, help: 'last TCP state; empty = has none', cell: ({ sum }) => sum.stateName },
  { name: 'local_address', isText: true, help: 'its own end', cell: ({ sum }) => sum.def?.localAddress ?? '' },
  { name: 'local_port', help: 'of ICMP the identifier', cell: ({ sum }) => sum.def?.localPort ?? null },
  { name: 'remote_address', isText: true, help: 'the other end', cell: ({ sum }) => sum.def?.remoteAddress ?? '' },
  { name: 'remote_port', help: 'its port', cell: ({ sum }) => sum.def?.remotePort ?? null },
  {
    name: 'remote_name',
    isText: true,
    help: "its name, by the box's own hosts file and DNS answers",
    cell: (row) => row.remoteName,
  },
  { name: 'netns', help: 'network namespace; 0 = not known', cell: ({ sum }) => sum.def?.netns ?? null },
];

const TIMES: readonly Column<FlowRow>[] = [
  {
    name: 'opened',
    isText: true,
    help: "when, by the device's clock, UTC; empty = before it was watched",
    cell: ({ openedMs }) => isoTime(openedMs),
  },
  {
    name: 'opened_ns',
    unit: 'ns',
    help: 'the same, device CLOCK_MONOTONIC',
    cell: ({ sum }) => sum.def?.openedNs || null,
  },
  {
    name: 'closed',
    isText: true,
    help: 'when it was closed; empty = it was open',
    cell: ({ closedMs }) => isoTime(closedMs),
  },
  {
    name: 'closed_ns',
    unit: 'ns',
    help: 'the same, device CLOCK_MONOTONIC',
    cell: ({ sum }) => sum.of('closed') || null,
  },
];

export const FLOW_COLUMNS: readonly Column<FlowRow>[] = [
  ...WHO,
  ...ENDS,
  ...TIMES,
  counted('sent_bytes', 'sent', 'bytes', 'payload at the socket; what was sent again is not counted again'),
  counted('received_bytes', 'received', 'bytes', 'payload at the socket, each byte once'),
  counted('sent_packets', 'packets-sent', 'packets', 'of joined segments each one'),
  counted('received_packets', 'packets-received', 'packets', 'the same'),
  counted('retransmits', 'retransmits', 'packets', 'TCP segments that were sent again'),
  counted('out_of_order', 'out-of-order', 'packets', 'TCP segments that came too early'),
  counted('zero_windows', 'zero-windows', 'packets', 'TCP segments, of either end, that made the other wait'),
  counted('resets', 'resets', 'packets', 'TCP resets, of either end'),
  measured('rtt_ns', 'rtt', 'last smoothed round-trip time'),
  measured('rtt_min_ns', 'rtt-min', 'shortest round-trip time'),
  measured('jitter_ns', 'jitter', 'last smoothed mean deviation of it'),
  measured('connect_ns', 'connect', 'from SYN to established'),
  {
    name: 'established_ns',
    unit: 'ns',
    help: 'how long it was established until it was closed; empty = not known',
    cell: ({ sum }) => sum.establishedNs,
  },
  measured('closing_ns', 'closing', 'from the first FIN to closed, without TIME-WAIT'),
  measured('close_wait_ns', 'close-wait', 'of that: the other end had closed it, its process here had not'),
  {
    name: 'errno',
    isText: true,
    help: 'why it failed or was broken off, such as ECONNREFUSED; empty = it was not, or was given up',
    cell: ({ sum }) => (sum.of('errno') === 0 ? '' : errnoName(sum.of('errno'))),
  },
  { name: 'errno_number', help: 'its number; 0 = none', cell: ({ sum }) => sum.of('errno') },
  counted('tries', 'tries', 'connects', 'that failed alike before a packet could leave; 0 = packets left'),
  {
    name: 'others',
    help: '1 = not one flow: what found no room or no socket, of this protocol and direction',
    cell: ({ sum }) => (sum.def?.isOthers ? 1 : 0),
  },
  { name: 'own', help: '1 = a connection of Sonde itself', cell: ({ sum }) => (sum.isOwn ? 1 : 0) },
];
