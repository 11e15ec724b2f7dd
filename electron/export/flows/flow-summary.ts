/** Network flows of a summary: in numbers, with names that `--json` prints, and in words. */
import { errnoName, type FlowDef, protocolName } from '../../../remote-agent/protocol/index.ts';
import { bytesText, completeness, cut, durationText } from '../summary/summary-words.ts';
import type { CollectedFlows } from './collect-flows.ts';
import type { FlowRow } from './flow-columns.ts';
import { endText, remoteText } from './flow-words.ts';

export interface FlowSummary {
  /** Covered by windows. */
  readonly seconds: number;
  readonly gapSeconds: number;
  /** Packets. seen = kept + filtered + the sum of lost. */
  readonly seen: number;
  readonly kept: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly mergedWindows: number;
  /** Those of Sonde itself are in none of the following. */
  readonly flows: number;
  /** Of the flows: not closed when they were last heard of. */
  readonly open: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly sentPackets: number;
  readonly receivedPackets: number;
  readonly retransmits: number;
  readonly resets: number;
  readonly failedConnects: number;
  /** By errno; 'given up': by their process. */
  readonly failures: Readonly<Record<string, number>>;
  /** Packets of flows that found no room of their own, and those that no socket took; part of the totals. */
  readonly othersPackets: number;
  readonly own: { readonly flows: number; readonly sentBytes: number; readonly receivedBytes: number };
  /** Ten, by bytes. */
  readonly top: readonly TopFlow[];
  /** Ten, by retransmits. */
  readonly mostRetransmitting: readonly TopFlow[];
}

export interface TopFlow {
  /** '' = not known. */
  readonly comm: string;
  readonly pid: number | null;
  readonly container: string;
  readonly protocol: string;
  readonly direction: string;
  readonly state: string;
  readonly local: string;
  readonly remote: string;
  readonly remoteName: string;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly retransmits: number;
  readonly rttNs: number | null;
  /** Finds it in the network view. */
  readonly filter: string;
}

const NS_PER_SECOND = 1e9;
const GIVEN_UP = 'given up';

/** null where the recording has no windows of them. */
export function summarizeFlows(collected: CollectedFlows): FlowSummary | null {
  const { totals, coveredNs, gapNs, mergedWindows, flows, open, sums, failed, othersPackets, own } = collected;
  if (coveredNs === 0) return null;
  const { seen, kept, filtered, lost } = totals;
  const failures = [...failed].toSorted(([, a], [, b]) => b - a);
  return {
    seconds: coveredNs / NS_PER_SECOND,
    gapSeconds: gapNs / NS_PER_SECOND,
    seen,
    kept,
    filtered,
    lost: Object.fromEntries(lost),
    mergedWindows,
    flows,
    open,
    sentBytes: sums.sent,
    receivedBytes: sums.received,
    sentPackets: sums['packets-sent'],
    receivedPackets: sums['packets-received'],
    retransmits: sums.retransmits,
    resets: sums.resets,
    failedConnects: failures.reduce((sum, [, count]) => sum + count, 0),
    failures: Object.fromEntries(failures.map(([errno, count]) => [errno === 0 ? GIVEN_UP : errnoName(errno), count])),
    othersPackets,
    own: { flows: own.flows, sentBytes: own.sentBytes, receivedBytes: own.receivedBytes },
    top: collected.largest.filter(({ sum }) => sum.bytes > 0).map(topFlow),
    mostRetransmitting: collected.mostRetransmitting.map(topFlow),
  };
}

function topFlow({ sum, who, remoteName }: FlowRow): TopFlow {
  const { def } = sum;
  return {
    comm: who?.comm ?? '',
    pid: who?.pid ?? null,
    container: who?.container ?? '',
    protocol: def ? protocolName(def.protocol) : '',
    direction: def?.direction ?? 'unknown',
    state: sum.stateName,
    local: def ? endText(def.localAddress, def.localPort) : '',
    remote: remoteText(def, ''),
    remoteName,
    sentBytes: sum.of('sent'),
    receivedBytes: sum.of('received'),
    retransmits: sum.of('retransmits'),
    rttNs: sum.of('rtt') || null,
    filter: filterOf(def),
  };
}

function filterOf(def: FlowDef | undefined): string {
  if (!def || def.isOthers || def.remoteAddress === '') return '';
  return `remote:${def.remoteAddress}${def.remotePort === 0 ? '' : ` rport:${def.remotePort}`}`;
}

export function flowLines(flows: FlowSummary): string[] {
  return [...head(flows), ...completeness(flows), ...health(flows), ...ownLines(flows), ...topLines(flows)];
}

function head(flows: FlowSummary): string[] {
  const { seconds, open, sentBytes, receivedBytes, sentPackets, receivedPackets, filtered } = flows;
  const traffic = `${bytesText(sentBytes)} sent, ${bytesText(receivedBytes)} received`;
  return [
    `${seconds.toFixed(1)} s of network flows: ${flows.flows} (${open} open at the end), ${traffic}, ${sentPackets + receivedPackets} packets, ${filtered} filtered out`,
  ];
}

function health({ retransmits, sentPackets, failedConnects, failures, resets, othersPackets }: FlowSummary): string[] {
  const share = sentPackets > 0 ? ` (${((100 * retransmits) / sentPackets).toFixed(2)} % of the packets sent)` : '';
  const why = Object.entries(failures).map(([errno, count]) => `${errno} ${count}`);
  return [
    `${retransmits} retransmits${share}, ${failedConnects} failed connects${why.length > 0 ? ` (${why.join(', ')})` : ''}, ${resets} resets`,
    ...(othersPackets > 0
      ? [`${othersPackets} packets are of no flow shown: it found no room, or no socket took them`]
      : []),
  ];
}

function ownLines({ own }: FlowSummary): string[] {
  if (own.flows === 0) return [];
  const { sentBytes, receivedBytes } = own;
  return [
    `Sonde's own connection, not counted above: ${bytesText(sentBytes)} sent, ${bytesText(receivedBytes)} received`,
  ];
}

function topLines({ top }: FlowSummary): string[] {
  if (top.length === 0) return [];
  return [
    '',
    '    sent  received  retransmits       rtt  flow',
    ...top.map((flow) => {
      const { sentBytes, receivedBytes, retransmits, rttNs, protocol, local, remote, remoteName, comm, pid } = flow;
      const numbers = [bytesText(sentBytes).padStart(8), bytesText(receivedBytes).padStart(8)];
      const health = [String(retransmits).padStart(11), durationText(rttNs).padStart(8)];
      const name = remoteName === '' ? '' : ` ${cut(remoteName)}`;
      const owner = pid === null ? 'unknown' : `${cut(comm)} (${pid})`;
      return `${[...numbers, ...health].join('  ')}  ${protocol} ${local} → ${remote}${name}  ${owner}`;
    }),
  ];
}
