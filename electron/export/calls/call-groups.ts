/** Totals of calls put together further: by call over all processes, or by process over all calls. */
import { type ProcessDef, syscallName, syscallTableOf } from '../../../remote-agent/protocol/index.ts';
import { CallStats } from './call-stats.ts';
import type { CollectedCalls } from './collect-calls.ts';

export type CallGrouping = 'both' | 'call' | 'process';

export interface CallGroup {
  /** '' where the group is of all calls. */
  readonly call: string;
  /** null where the group is of all processes. */
  readonly who: ProcessDef | null;
  readonly stats: CallStats;
}

export function groupCalls(
  { entries, tables }: Pick<CollectedCalls, 'entries' | 'tables'>,
  by: CallGrouping,
): CallGroup[] {
  const nameOf = namer(entries.map(({ code }) => code));
  const groups = new Map<string, CallGroup>();
  for (const { process, code, stats } of entries) {
    const call = by === 'process' ? '' : nameOf(code);
    const key = `${by === 'call' ? '' : process} ${call}`;
    let group = groups.get(key);
    if (!group) {
      group = { call, who: by === 'call' ? null : (tables.processes[process] ?? null), stats: new CallStats() };
      groups.set(key, group);
    }
    group.stats.addAll(stats);
  }
  return [...groups.values()];
}

/** Where processes with different tables of calls run on one box, a name alone says less than it seems to. */
function namer(codes: readonly number[]): (code: number) => string {
  const abis = new Set(codes.map((code) => syscallTableOf(code)?.name));
  return (code) => (abis.size > 1 ? `${syscallName(code)} [${syscallTableOf(code)?.name ?? '?'}]` : syscallName(code));
}
