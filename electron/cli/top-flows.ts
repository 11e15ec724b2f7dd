/** Network flows in `sonde top`. */
import { protocolName } from '../../remote-agent/protocol/index.ts';
import {
  bytesText,
  type CollectedFlowGroups,
  durationText,
  FlowGroupCollector,
  type FlowGrouping,
  numberText,
  remoteText,
} from '../export/index.ts';
import { left, right, type TopOptions, type TopPart, type TopRow, type TopView, watched } from './top-view.ts';

const NS_PER_SECOND = 1e9;
type FlowGroup = CollectedFlowGroups['groups'][number];

const WEIGHTS: Readonly<Record<string, (group: FlowGroup) => number>> = {
  rate: ({ sent, received }) => sent + received,
  sent: ({ sent }) => sent,
  received: ({ received }) => received,
  retransmits: ({ retransmits }) => retransmits,
  rtt: ({ rttNs }) => rttNs,
};

export const flowsView: TopView = {
  unit: 'packets',
  groupings: ['flow', 'process', 'remote'],
  sorts: ['rate', 'sent', 'received', 'retransmits', 'rtt'],
  hasOwn: true,
  columns: ({ by }) => [
    ...['SENT/S', 'RECV/S', 'RETR/S', 'RTT'].map(right),
    ...(by === 'flow' ? [left('STATE')] : [right('FLOWS')]),
    ...(by === 'remote' ? [] : [left('PROCESS')]),
    ...(by === 'process' ? [] : [left('REMOTE')]),
  ],
  watch: (options) =>
    watched(
      (about) => new FlowGroupCollector(about, { by: options.by as FlowGrouping, includeOwn: options.includeOwn }),
      (flows) => partOf(flows, options),
    ),
};

function partOf(flows: CollectedFlowGroups, options: TopOptions): TopPart {
  const seconds = flows.coveredNs / NS_PER_SECOND;
  const weight = WEIGHTS[options.sort] ?? (() => 0);
  const rows = flows.groups
    .toSorted((a, b) => weight(b) - weight(a) || b.packetsSent - a.packetsSent)
    .map((group) => rowOf(group, seconds, options));
  const { sentBytes, receivedBytes } = flows.own;
  const own = `Sonde itself ${bytesText((sentBytes + receivedBytes) / seconds)}/s`;
  return {
    covered: flows,
    rows,
    notes: [
      ...(flows.leftOut > 0 ? [`${flows.leftOut} smaller ones left out`] : []),
      ...(flows.own.flows > 0 && !options.includeOwn ? [own] : []),
    ],
  };
}

function rowOf(group: FlowGroup, seconds: number, { by }: TopOptions): TopRow {
  const { who, def, name, flows, sent, received, retransmits, rttNs, stateName } = group;
  const rates = {
    sentPerSecond: sent / seconds,
    receivedPerSecond: received / seconds,
    retransmitsPerSecond: retransmits / seconds,
  };
  const owner = { comm: who?.comm ?? '', pid: who?.pid ?? null, container: who?.container ?? '' };
  const remote = by === 'remote' ? addressText(group) : remoteText(def ?? undefined, name);
  return {
    json: {
      ...(by === 'remote' ? {} : owner),
      ...(by === 'process' ? {} : remoteOf(group, by)),
      ...(by === 'flow' ? { state: stateName } : { flows }),
      sentBytes: sent,
      receivedBytes: received,
      retransmits,
      ...rates,
      rttNs: rttNs || null,
    },
    cells: [
      bytesText(rates.sentPerSecond),
      bytesText(rates.receivedPerSecond),
      numberText(rates.retransmitsPerSecond),
      durationText(rttNs || null),
      by === 'flow' ? stateName || (def ? protocolName(def.protocol) : '') : String(flows),
      ...(by === 'remote' ? [] : [ownerText(owner)]),
      ...(by === 'process' ? [] : [remote]),
    ],
  };
}

function ownerText({ comm, pid, container }: { comm: string; pid: number | null; container: string }): string {
  return pid === null ? 'unknown' : `${comm} (${pid})${container ? ` ${container}` : ''}`;
}

function remoteOf({ def, name }: FlowGroup, by: string): TopRow['json'] {
  const remote = { remoteAddress: def?.remoteAddress ?? '', remoteName: name };
  if (by === 'remote') return remote;
  return {
    protocol: def ? protocolName(def.protocol) : '',
    direction: def?.direction ?? 'unknown',
    localAddress: def?.localAddress ?? '',
    localPort: def?.localPort ?? null,
    ...remote,
    remotePort: def?.remotePort ?? null,
  };
}

/** "broker 10.0.0.9" */
function addressText({ def, name }: FlowGroup): string {
  if (def?.isOthers) return 'all others';
  const address = def?.remoteAddress || 'none';
  return name === '' ? address : `${name} ${address}`;
}
