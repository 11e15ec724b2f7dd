import type { ProbeColumns, Tables } from '../../store/model.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { type Facets, facetsOfThreads } from '../facets.ts';
import { remember } from '../remember.ts';
import type { Filter } from '../select.ts';
import type { WindowSpan } from '../tally.ts';
import { type EventColumns, eventColumns } from './event-columns.ts';
import { type EventIds, EventIndex } from './event-index.ts';
import { type EventList, eventList } from './event-list.ts';

export interface EventsRequest {
  readonly windows: ProbeColumns;
  readonly span: WindowSpan;
  readonly tables: Tables;
  readonly filter: Filter;
}

export interface Events {
  readonly columns: EventColumns;
  readonly list: EventList;
  readonly tables: Tables;
  readonly coverage: Coverage;
  /** Of the range, whatever the filter; in rows. */
  readonly facets: Facets;
}

/** Keeps each step's last answer and goes on from the first step whose input changed. */
export class EventsMaker {
  readonly #index = new EventIndex();
  readonly #columns = remember(eventColumns);
  readonly #ids = remember((columns: EventColumns, tables: Tables) => this.#index.update(columns, tables));
  readonly #list = remember(
    (
      columns: EventColumns,
      ids: EventIds,
      first: number,
      end: number,
      tables: Tables,
      process: number | null,
      thread: number | null,
      container: string | null,
    ) => eventList(columns, ids, { first, end }, tables, { process, thread, container }),
  );
  readonly #coverage = remember((columns: EventColumns, first: number, end: number) =>
    coverageOf(columns, { first, end }),
  );
  readonly #facets = remember(eventFacets);

  make({ windows, span: { first, end }, tables, filter }: EventsRequest): Events {
    const columns = this.#columns(windows);
    const ids = this.#ids(columns, tables);
    const { process, thread, container } = filter;
    return {
      columns,
      list: this.#list(columns, ids, first, end, tables, process, thread, container),
      tables,
      coverage: this.#coverage(columns, first, end),
      facets: this.#facets(columns, first, end, tables),
    };
  }
}

function eventFacets(columns: EventColumns, first: number, end: number, tables: Tables): Facets {
  const byThread = new Map<number, number>();
  const [from, to] = [columns.windowRow[first]!, columns.windowRow[end]!];
  for (let row = from; row < to; row++) {
    const thread = columns.thread[row]!;
    byThread.set(thread, (byThread.get(thread) ?? 0) + 1);
  }
  return facetsOfThreads(byThread, to - from, tables);
}
