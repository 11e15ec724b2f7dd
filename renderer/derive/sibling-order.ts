import type { Tables } from '../store/model.ts';
import type { FunctionTable } from './function-table.ts';
import { isFunctionKey, meaningOf, type NodeKey } from './node-key.ts';

/** Gives every key its place among siblings: processes by name and number, threads likewise, then functions by name. */
export interface SiblingOrder {
  /** One more than the greatest place. */
  readonly places: number;
  placeOf(key: NodeKey): number;
}

/** `groups`: the process and thread keys that occur. Few, so they are ranked anew for each tree. */
export function siblingOrder(functions: FunctionTable, tables: Tables, groups: Iterable<NodeKey>): SiblingOrder {
  const sorted = [...new Set(groups)].map((key) => ({ key, ...groupName(tables, key) })).sort(compareGroups);
  const places = new Map(sorted.map(({ key }, place) => [key, place]));
  return {
    places: sorted.length + functions.count,
    placeOf: (key) => (isFunctionKey(key) ? sorted.length + functions.rank[key]! : places.get(key)!),
  };
}

interface GroupName {
  readonly name: string;
  readonly number: number;
}

function groupName(tables: Tables, key: NodeKey): GroupName {
  const meaning = meaningOf(key);
  if (meaning.kind === 'process') {
    const process = tables.processes[meaning.id];
    return { name: process?.comm ?? '', number: process?.pid ?? 0 };
  }
  const thread = meaning.kind === 'thread' ? tables.threads[meaning.id] : undefined;
  return { name: thread?.comm ?? '', number: thread?.tid ?? 0 };
}

function compareGroups(a: GroupName & { key: NodeKey }, b: GroupName & { key: NodeKey }): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.number - b.number || a.key - b.key;
}
