import { describeCall, errnoName } from '../../../remote-agent/protocol/syscalls/index.ts';
import type { Tables } from '../../store/model.ts';
import { processName, processOf, threadName } from '../owners.ts';
import { type CallEvent, callEvent } from './call-event.ts';
import type { EventColumns } from './event-columns.ts';

/** More than are ever listed at once. */
const MOST_KEPT = 50_000;

/** What each call is searched by. Made once per row, because a search asks all of them, again and again. */
export class EventTexts {
  readonly #known = new Map<number, string>();
  #rowsForgotten = 0;

  of(columns: EventColumns, tables: Tables, row: number): string {
    if (columns.rowsForgotten !== this.#rowsForgotten || this.#known.size > MOST_KEPT) this.#known.clear();
    this.#rowsForgotten = columns.rowsForgotten;
    let text = this.#known.get(row);
    if (text === undefined) this.#known.set(row, (text = searchText(callEvent(columns, row), tables)));
    return text;
  }
}

function searchText(event: CallEvent, tables: Tables): string {
  const who = [processName(tables, processOf(tables, event.thread)), threadName(tables, event.thread)];
  return [...who, callText(event), event.errno === 0 ? '' : errnoName(event.errno)].join('\n');
}

/** "openat(AT_FDCWD, "/etc/hosts", O_RDONLY)" */
export function callText({ call, args, path, file }: CallEvent): string {
  return describeCall(call, args, path, file);
}
