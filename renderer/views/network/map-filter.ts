import { type FlowMap, type RemoteGrouping, withoutTerms, withTerm } from '../../derive/flows/index.ts';
import type { Tables } from '../../store/index.ts';
import type { MapTarget } from './map/map-layout.ts';

/** The filter narrowed to a part of the map: its process, its remote end, or both of a ribbon. */
export function filterForTarget(
  text: string,
  map: FlowMap,
  target: MapTarget,
  grouping: RemoteGrouping,
  tables: Tables,
): string {
  const link = target.kind === 'link' ? map.links[target.at] : undefined;
  const left = map.left[link ? link.left : target.kind === 'left' ? target.at : -1];
  const right = map.right[link ? link.right : target.kind === 'right' ? target.at : -1];
  let next = text;
  if (left) next = withTerm(next, 'proc', processTerm(Number(left.key), tables));
  if (!right) return next;
  const isName = grouping === 'name' && !isAddress(right.key);
  next = withoutTerms(next, isName ? ['remote'] : ['name']);
  return isName ? withTerm(next, 'name', right.key) : withTerm(next, 'remote', right.key);
}

function processTerm(process: number, tables: Tables): string {
  const pid = tables.processes[process]?.pid;
  return pid === undefined ? 'unknown' : String(pid);
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':');
}
