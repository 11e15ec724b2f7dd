import {
  brokenShare,
  bytesOf,
  type FlowMap,
  type MapLink,
  OTHERS,
  retransmitShare,
} from '../../../derive/flows/index.ts';
import { formatBytes, formatCount, formatNs, formatShare } from '../../../widgets/format.ts';
import type { MapTarget } from './map-layout.ts';

/** What a part of the map says when it is pointed at. */
export function targetText(map: FlowMap, target: MapTarget): string {
  if (target.kind !== 'link') {
    const node = map[target.kind][target.at];
    if (!node) return '';
    const partners = map.links.filter((link) => link[target.kind] === target.at);
    return [node.text, formatBytes(node.bytes), flowsText(node.flows), troubleOf(partners)].filter(Boolean).join('   ');
  }
  const link = map.links[target.at];
  if (!link) return '';
  const ends = `${map.left[link.left]?.text ?? ''} ↔ ${map.right[link.right]?.text ?? ''}`;
  const bytes = `${formatBytes(bytesOf(link))} (${formatBytes(link.sent)} sent, ${formatBytes(link.received)} received)`;
  return [ends, bytes, flowsText(link.flows), vitalsText(link)].filter(Boolean).join('   ');
}

function flowsText(flows: number): string {
  return flows === 1 ? '1 flow' : `${formatCount(flows)} flows`;
}

function vitalsText(link: MapLink): string {
  const parts: string[] = [];
  if (link.retransmits > 0) parts.push(`${formatShare(retransmitShare(link))} sent again`);
  if (link.rttNs > 0) parts.push(`RTT up to ${formatNs(link.rttNs)}`);
  if (link.resets + link.failures > 0) parts.push(`${formatShare(brokenShare(link))} reset or failed`);
  return parts.join(', ');
}

function troubleOf(links: readonly MapLink[]): string {
  const poor = links.filter(({ health }) => health === 2).length;
  return poor === 0 ? '' : poor === links.length ? 'in poor health' : `${poor} of ${links.length} links in poor health`;
}

export function isOthers(map: FlowMap, target: MapTarget): boolean {
  if (target.kind !== 'link') return map[target.kind][target.at]?.key === OTHERS;
  const link = map.links[target.at];
  return link === undefined || map.left[link.left]?.key === OTHERS || map.right[link.right]?.key === OTHERS;
}
