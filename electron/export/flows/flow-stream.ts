/**
 * Flows of a recording, each once with its totals, as soon as no more will be heard of it. No more is kept than what is
 * open, so days need no more memory than a second.
 */
import type { Signal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { ByFlow } from '../by-flow.ts';
import { Coverage } from '../coverage.ts';
import { isWanted, type ProfileFilter } from '../filter.ts';
import type { RowStream } from '../rows/sources.ts';
import { FlowSum, FLOWS_PROBE } from './flow-sum.ts';
import { OwnTraffic } from './own-traffic.ts';

export class FlowStream implements RowStream<FlowSum> {
  readonly coverage: Coverage;
  /** Of Sonde itself, whatever process was asked for. */
  readonly own = new OwnTraffic();
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly includeOwn: boolean;
  private readonly sums = new ByFlow<FlowSum>();

  /** `about` has heard each signal before. */
  constructor(about: About, filter: ProfileFilter, includeOwn: boolean) {
    this.about = about;
    this.filter = filter;
    this.includeOwn = includeOwn;
    this.coverage = new Coverage(FLOWS_PROBE, filter);
  }

  take(signal: Signal): FlowSum[] {
    if (signal.kind === 'device') return this.finish();
    return this.coverage.take(signal) ? this.window(signal) : [];
  }

  finish(): FlowSum[] {
    return this.wanted(this.sums.clear());
  }

  private window(window: WindowSignal): FlowSum[] {
    const over = this.sums.forget(window.fromNs);
    for (const sum of flowSums(window, this.about, this.sums)) this.sums.touch(sum.id, window.toNs, sum.isClosed);
    return this.wanted(over);
  }

  private wanted(sums: readonly FlowSum[]): FlowSum[] {
    return sums.filter((sum) => {
      if (this.own.take(sum) && !this.includeOwn) return false;
      return isWanted(this.about.tables, sum.thread, this.filter);
    });
  }
}

/** Adds the window's rows to what there is of their flows. Of each that it has: once. */
export function flowSums(window: WindowSignal, { tables }: About, sums: ByFlow<FlowSum>): ReadonlySet<FlowSum> {
  const found = new Set<FlowSum>();
  const ids = window.columns[0] as ArrayLike<number> | undefined;
  for (let row = 0; row < window.rows; row++) {
    const id = tables.flow(ids?.[row] ?? 0);
    const sum = sums.get(id) ?? sums.set(id, new FlowSum(id, tables.flows.get(id), window.fromNs), window.toNs);
    sum.add(window, row, tables);
    found.add(sum);
  }
  return found;
}
