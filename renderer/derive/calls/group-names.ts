import type { Tables } from '../../store/model.ts';
import { containerOf, processName, processOf, threadName } from '../owners.ts';
import { callName, type Groups } from './groups.ts';

const HOST = 'Host (no container)';

/** What rows are called, each worked out once. */
export class GroupNames {
  readonly #groups: Groups;
  readonly #tables: Tables;
  readonly #known = new Map<number, readonly [string, string]>();

  constructor(groups: Groups, tables: Tables) {
    this.#groups = groups;
    this.#tables = tables;
  }

  of(group: number): readonly [name: string, detail: string] {
    let texts = this.#known.get(group);
    if (!texts) this.#known.set(group, (texts = textsOf(this.#groups, group, this.#tables)));
    return texts;
  }
}

function textsOf(groups: Groups, group: number, tables: Tables): readonly [name: string, detail: string] {
  const [call, owner] = [groups.call[group]!, groups.owner[group]!];
  switch (groups.grouping) {
    case 'call-process':
      return [callName(call, groups.isMixed), processName(tables, owner)];
    case 'call':
      return [callName(call, groups.isMixed), ''];
    case 'process':
      return [processName(tables, owner), containerOf(tables, owner)];
    case 'thread':
      return [threadName(tables, owner), processName(tables, processOf(tables, owner))];
    case 'container':
      return [groups.containers[owner] || HOST, ''];
    default:
      return assertNever(groups.grouping);
  }
}

function assertNever(grouping: never): never {
  throw new Error(`unknown grouping ${JSON.stringify(grouping)}`);
}
