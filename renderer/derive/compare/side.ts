import type { StoreSnapshot, WindowAxis } from '../../store/model.ts';
import { callTree, type Grouping } from '../call-tree.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { functionTable } from '../function-table.ts';
import type { FunctionTable } from '../function-table.ts';
import { sampleColumns } from '../sample-columns.ts';
import { tallyRows, type WindowSpan } from '../tally.ts';
import type { CallTree } from '../tree.ts';

/** One side of a comparison: a range of what a store held at one moment. */
export interface CompareSide {
  readonly snapshot: StoreSnapshot;
  readonly fromNs: number;
  readonly toNs: number;
  /** Windows of that range. */
  readonly spanIn: (axis: WindowAxis) => WindowSpan;
}

/** The windows of the range of one probe; null where there are none. */
export function windowsOf({ snapshot, spanIn }: CompareSide, view: string) {
  for (const { windows, events } of snapshot.probes.values()) {
    if (windows.manifest.display.view !== view) continue;
    const span = spanIn(windows);
    return span.end > span.first ? { windows, events, span } : null;
  }
  return null;
}

/** The CPU profile of one side. */
export interface SideProfile {
  readonly tree: CallTree;
  readonly tables: StoreSnapshot['tables'];
  readonly functions: FunctionTable;
  readonly coverage: Coverage;
  readonly hz: number | null;
  /** Samples that a busy CPU would have had. */
  readonly ticksOfOneCpu: number;
}

/** null where it has none. */
export function sideProfile(side: CompareSide, grouping: Grouping): SideProfile | null {
  const found = windowsOf(side, 'flamegraph');
  if (!found) return null;
  const { tables, device } = side.snapshot;
  const samples = sampleColumns(found.windows);
  const functions = functionTable(tables);
  const tally = tallyRows(samples, found.span);
  const coverage = coverageOf(samples, found.span);
  const started = found.events.map(({ what }) => what).findLast((what) => what.kind === 'started');
  const hz = Number(started?.options['hz']) || null;
  const cpus = started?.cpus || device?.onlineCpus || 1;
  return {
    tree: callTree(tally, tables, functions, { grouping, hidden: new Set(), mergeRecursion: false }),
    tables,
    functions,
    coverage,
    hz,
    // The sampler ticks equally often on every CPU and counts each tick, also the idle ones.
    ticksOfOneCpu: coverage.seen > 0 ? coverage.seen / cpus : coverage.seconds * (hz ?? 0),
  };
}
