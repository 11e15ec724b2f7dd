import type { SampleColumns, Tables } from '../store/model.ts';
import { callTree, type CallTreeOptions } from './call-tree.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { type Facets, facetsOf } from './facets.ts';
import { FunctionIndex, type FunctionTable } from './function-table.ts';
import { invertTree } from './invert.ts';
import { Names } from './names.ts';
import { remember } from './remember.ts';
import { type Filter, filterTally } from './select.ts';
import { type Cut, cutToSlots, type Ranges } from './subsecond/index.ts';
import { RollingTally, type Tally, tallyRows, type WindowSpan } from './tally.ts';
import type { CallTree } from './tree.ts';

export interface ProfileRequest {
  readonly samples: SampleColumns;
  readonly span: WindowSpan;
  readonly tables: Tables;
  readonly filter: Filter;
  readonly options: CallTreeOptions;
  readonly inverted: boolean;
  /** Ranges that were chosen by slots, as exact as the samples say when they were taken; null = whole windows are meant. */
  readonly within: { readonly ranges: Ranges; readonly slotNs: number } | null;
}

/** Everything the pictures of one selection are made from. */
export interface Profile {
  readonly tables: Tables;
  readonly functions: FunctionTable;
  readonly names: Names;
  readonly coverage: Coverage;
  /** Some windows reach out of the ranges, and do not say when their samples were taken: all of those are in. */
  readonly isWidened: boolean;
  /** Of the range, whatever the filter. */
  readonly facets: Facets;
  /** Callers above callees; what tables and sandwiches are made from. */
  readonly tree: CallTree;
  /** The tree as the flame graph shows it: the same, or inverted. */
  readonly shown: CallTree;
}

/** Keeps each step's last answer and goes on from the first step whose input changed. */
export class ProfileMaker {
  readonly #functions = new FunctionIndex();
  readonly #rolling = new RollingTally();
  readonly #tally = remember((samples: SampleColumns, first: number, end: number) =>
    this.#rolling.advance(samples, { first, end }),
  );
  readonly #cut = remember((samples: SampleColumns, first: number, end: number, ranges: Ranges, slotNs: number) =>
    cutToSlots(samples, { first, end }, ranges, slotNs),
  );
  readonly #cutTally = remember((cut: Cut, first: number, end: number) => tallyRows(cut.samples, { first, end }));
  readonly #coverage = remember((samples: SampleColumns, first: number, end: number, cut: Cut | null) =>
    coverageOf(samples, { first, end }, cut?.shares),
  );
  readonly #facets = remember(facetsOf);
  readonly #filtered = remember(
    (tally: Tally, tables: Tables, process: number | null, thread: number | null, container: string | null) =>
      filterTally(tally, tables, { process, thread, container }),
  );
  readonly #tree = remember(callTree);
  readonly #inverted = remember(invertTree);
  readonly #names = remember((tables: Tables, functions: FunctionTable) => new Names(tables, functions));

  #samples: SampleColumns | null = null;
  #tables: Tables | null = null;

  make({ span, filter, options, inverted, within, ...given }: ProfileRequest): Profile {
    const { samples, tables } = this.#unlessChanged(given);
    const { first, end } = span;
    const functions = this.#functions.update(tables);
    const cut = within ? this.#cut(samples, first, end, within.ranges, within.slotNs) : null;
    const tally = cut ? this.#cutTally(cut, first, end) : this.#tally(samples, first, end);
    const filtered = this.#filtered(tally, tables, filter.process, filter.thread, filter.container);
    const tree = this.#tree(filtered, tables, functions, options);
    return {
      tables,
      functions,
      names: this.#names(tables, functions),
      coverage: this.#coverage(samples, first, end, cut),
      isWidened: cut !== null && cut.unplaced > 0,
      facets: this.#facets(tally, tables),
      tree,
      shown: inverted ? this.#inverted(tree, tables, functions) : tree,
    };
  }

  /** A snapshot wraps columns and tables in new objects each time: what has neither grown nor changed stays the old one. */
  #unlessChanged({ samples, tables }: Pick<ProfileRequest, 'samples' | 'tables'>) {
    const [oldSamples, oldTables] = [this.#samples, this.#tables];
    const sameSamples = oldSamples?.version === samples.version && oldSamples.windowToNs === samples.windowToNs;
    const sameTables = oldTables?.version === tables.version && oldTables.frames === tables.frames;
    this.#samples = sameSamples ? oldSamples : samples;
    this.#tables = sameTables ? oldTables : tables;
    return { samples: this.#samples, tables: this.#tables };
  }
}
