import type { ProbeColumns, Tables } from '../../store/model.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { type Facets, facetsOfThreads } from '../facets.ts';
import { remember } from '../remember.ts';
import type { WindowSpan } from '../tally.ts';
import type { FlowFilter } from './filter/index.ts';
import { type FlowColumns, flowColumns } from './flow-columns.ts';
import { type FlowList, listFlows } from './flow-list.ts';
import { type AddressNames, FlowTexts } from './flow-names.ts';
import { type FlowTotals, totalFlows } from './flow-totals.ts';
import { FlowWorld } from './flow-world.ts';

export interface FlowsRequest {
  readonly windows: ProbeColumns;
  readonly span: WindowSpan;
  readonly tables: Tables;
  readonly names: AddressNames;
  readonly process: number | null;
  readonly container: string | null;
  readonly filter: FlowFilter;
  readonly hidesOwn: boolean;
}

/** Everything that table and pictures of one selection are made from. */
export interface FlowsOfRange {
  readonly columns: FlowColumns;
  readonly span: WindowSpan;
  readonly world: FlowWorld;
  readonly list: FlowList;
  readonly coverage: Coverage;
  /** Of the range, whatever the filter; in bytes. */
  readonly facets: Facets;
}

/** Keeps each step's last answer and goes on from the first step whose input changed. */
export class FlowsMaker {
  readonly #texts = new FlowTexts();
  readonly #columns = remember(flowColumns);
  readonly #totals = remember((columns: FlowColumns, first: number, end: number) =>
    totalFlows(columns, { first, end }),
  );
  readonly #world = remember(
    (totals: FlowTotals, tables: Tables, names: AddressNames, toNs: number) =>
      new FlowWorld(totals, tables, this.#texts, names, toNs),
  );
  readonly #list = remember(
    (world: FlowWorld, process: number | null, container: string | null, filter: FlowFilter, hidesOwn: boolean) =>
      listFlows(world, { process, container }, filter, hidesOwn),
  );
  readonly #coverage = remember((columns: FlowColumns, first: number, end: number) =>
    coverageOf(columns, { first, end }),
  );
  readonly #facets = remember(flowFacets);

  make({ windows, span: { first, end }, tables, names, ...wanted }: FlowsRequest): FlowsOfRange {
    const columns = this.#columns(windows);
    const totals = this.#totals(columns, first, end);
    const toNs = end > first ? columns.windowToNs[end - 1]! : 0;
    const world = this.#world(totals, tables, names, toNs);
    return {
      columns,
      span: { first, end },
      world,
      list: this.#list(world, wanted.process, wanted.container, wanted.filter, wanted.hidesOwn),
      coverage: this.#coverage(columns, first, end),
      facets: this.#facets(totals, tables),
    };
  }
}

function flowFacets({ count, thread, sent, received }: FlowTotals, tables: Tables): Facets {
  const byThread = new Map<number, number>();
  let total = 0;
  for (let place = 0; place < count; place++) {
    if (thread[place] === 0) continue;
    const bytes = sent[place]! + received[place]!;
    byThread.set(thread[place]!, (byThread.get(thread[place]!) ?? 0) + bytes);
    total += bytes;
  }
  return facetsOfThreads(byThread, total, tables);
}
