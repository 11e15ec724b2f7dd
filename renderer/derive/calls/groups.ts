import { syscallName, syscallTableOf } from '../../../remote-agent/protocol/syscalls/index.ts';
import type { Tables } from '../../store/model.ts';
import { containerOf, processOf } from '../owners.ts';
import { PairTable } from '../pair-table.ts';
import { type Filter, threadTest } from '../select.ts';
import type { Cells } from './cell-index.ts';

export const CALL_GROUPINGS = ['call-process', 'call', 'process', 'thread', 'container'] as const;
export type CallGrouping = (typeof CALL_GROUPINGS)[number];

/** Which row of the table each pair of thread and call belongs to. */
export interface Groups {
  readonly grouping: CallGrouping;
  /** Numbers are dense and never change their meaning while the grouping stays. */
  readonly count: number;
  /** Group by pair; NO_GROUP where the filter leaves it out. */
  readonly ofPair: Int32Array;
  /** By group; 0 where the grouping leaves it open. Of a container its number. */
  readonly call: Uint32Array;
  readonly owner: Uint32Array;
  readonly containers: readonly string[];
  /** Processes of two kinds run side by side: then a call of the 32-bit ones is named with its table. */
  readonly isMixed: boolean;
}

export const NO_GROUP = -1;

/** Gives groups their numbers. One per grouping: another one means other numbers. */
export class GroupIndex {
  readonly #grouping: CallGrouping;
  readonly #groups = new PairTable(256);
  readonly #containers = new Map<string, number>();

  constructor(grouping: CallGrouping) {
    this.#grouping = grouping;
  }

  update(cells: Cells, tables: Tables, filter: Filter): Groups {
    const ofPair = new Int32Array(cells.pairCount).fill(NO_GROUP);
    const passes = threadTest(tables, filter);
    const callTables = new Set<number>();
    for (let pair = 0; pair < cells.pairCount; pair++) {
      const [thread, call] = [cells.thread[pair]!, cells.call[pair]!];
      callTables.add(call >>> 24);
      if (passes(thread)) ofPair[pair] = this.#groups.intern(this.#call(call), this.#owner(tables, thread));
    }
    const { count, first, second } = this.#groups;
    return {
      grouping: this.#grouping,
      count,
      ofPair,
      call: first,
      owner: second,
      containers: [...this.#containers.keys()],
      isMixed: callTables.size > 1,
    };
  }

  #call(call: number): number {
    return this.#grouping === 'call' || this.#grouping === 'call-process' ? call : 0;
  }

  #owner(tables: Tables, thread: number): number {
    switch (this.#grouping) {
      case 'call':
        return 0;
      case 'call-process':
      case 'process':
        return processOf(tables, thread);
      case 'thread':
        return thread;
      case 'container':
        return this.#container(containerOf(tables, processOf(tables, thread)));
      default:
        return assertNever(this.#grouping);
    }
  }

  #container(name: string): number {
    const known = this.#containers.get(name);
    if (known !== undefined) return known;
    const number = this.#containers.size;
    this.#containers.set(name, number);
    return number;
  }
}

/** Tables of 64-bit processes: a box has one of them at most, and that is the one meant where none is named. */
const NATIVE_TABLES: ReadonlySet<number | undefined> = new Set([1, 4, 6]);

/** "openat"; "openat (i386)" for a 32-bit process among 64-bit ones, whose calls have the same names. */
export function callName(code: number, isMixed: boolean): string {
  const name = syscallName(code);
  const table = syscallTableOf(code);
  return isMixed && !name.startsWith('#') && !NATIVE_TABLES.has(table?.id) ? `${name} (${table?.name})` : name;
}

/** The process a row is about; null where it is about several. */
export function groupProcess(groups: Groups, group: number, tables: Tables): number | null {
  if (groups.grouping === 'call' || groups.grouping === 'container') return null;
  const owner = groups.owner[group]!;
  const process = groups.grouping === 'thread' ? processOf(tables, owner) : owner;
  return process === 0 ? null : process;
}

function assertNever(grouping: never): never {
  throw new Error(`unknown grouping ${JSON.stringify(grouping)}`);
}
