import type { ProbeColumns, Tables } from '../../store/model.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { type Facets, facetsOfThreads } from '../facets.ts';
import { remember } from '../remember.ts';
import type { Filter } from '../select.ts';
import type { WindowSpan } from '../tally.ts';
import type { Band } from './band.ts';
import { type CallColumns, callColumns } from './call-columns.ts';
import { type CallTable, callTable } from './call-table.ts';
import { CellIndex, type Cells } from './cell-index.ts';
import type { CellSums } from './cell-sums.ts';
import { type CallGrouping, GroupIndex, type Groups } from './groups.ts';
import { RollingSums } from './rolling-sums.ts';

export interface CallsRequest {
  readonly windows: ProbeColumns;
  readonly span: WindowSpan;
  readonly tables: Tables;
  readonly filter: Filter;
  readonly grouping: CallGrouping;
  readonly band: Band;
}

/** Everything that table and pictures of one selection are made from. */
export interface Calls {
  readonly columns: CallColumns;
  readonly span: WindowSpan;
  readonly tables: Tables;
  readonly cells: Cells;
  readonly sums: CellSums;
  readonly groups: Groups;
  readonly table: CallTable;
  readonly coverage: Coverage;
  /** Of the range, whatever the filter; in calls. */
  readonly facets: Facets;
}

/** Keeps each step's last answer and goes on from the first step whose input changed. */
export class CallsMaker {
  readonly #index = new CellIndex();
  #groupIndex = new GroupIndex('call-process');
  #grouping: CallGrouping = 'call-process';
  readonly #columns = remember(callColumns);
  readonly #cells = remember((columns: CallColumns) => this.#index.update(columns));
  readonly #rolling = new RollingSums();
  readonly #sums = remember((columns: CallColumns, cells: Cells, first: number, end: number) =>
    this.#rolling.advance(columns, cells, { first, end }),
  );
  readonly #groups = remember(
    (
      index: GroupIndex,
      cells: Cells,
      tables: Tables,
      process: number | null,
      thread: number | null,
      container: string | null,
    ) => index.update(cells, tables, { process, thread, container }),
  );
  readonly #table = remember(callTable);
  readonly #coverage = remember((columns: CallColumns, first: number, end: number) =>
    coverageOf(columns, { first, end }),
  );
  readonly #facets = remember(callFacets);

  make({ windows, span, tables, filter, grouping, band }: CallsRequest): Calls {
    const columns = this.#columns(windows);
    const cells = this.#cells(columns);
    const sums = this.#sums(columns, cells, span.first, span.end);
    const { process, thread, container } = filter;
    const index = this.#indexFor(grouping);
    const groups = this.#groups(index, cells, tables, process, thread, container);
    return {
      columns,
      span,
      tables,
      cells,
      sums,
      groups,
      table: this.#table(cells, sums, groups, band),
      coverage: this.#coverage(columns, span.first, span.end),
      facets: this.#facets(cells, sums, tables),
    };
  }

  #indexFor(grouping: CallGrouping): GroupIndex {
    if (grouping !== this.#grouping) this.#groupIndex = new GroupIndex(grouping);
    this.#grouping = grouping;
    return this.#groupIndex;
  }
}

function callFacets(cells: Cells, sums: CellSums, tables: Tables): Facets {
  const byThread = new Map<number, number>();
  let total = 0;
  for (let cell = 0; cell < sums.count; cell++) {
    const calls = sums.calls[cell]!;
    if (calls === 0) continue;
    const thread = cells.thread[cells.pair[cell]!]!;
    byThread.set(thread, (byThread.get(thread) ?? 0) + calls);
    total += calls;
  }
  return facetsOfThreads(byThread, total, tables);
}
