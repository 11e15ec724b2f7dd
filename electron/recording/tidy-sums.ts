/** Sums of parts, or of hours, which wait to be written as one chunk. */
import type { CostSignal, OrderedWindow, WindowSignal } from '../../remote-agent/protocol/index.ts';

export class Sums {
  readonly windows = new Map<string, OrderedWindow[]>();
  readonly costs: { readonly order: number; readonly cost: CostSignal }[] = [];
  fromNs = Number.POSITIVE_INFINITY;
  toNs = 0;
  /** Of what was summed up, also where nothing came of it. */
  count = 0;
  rows = 0;

  span({ fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }): void {
    this.fromNs = Math.min(this.fromNs, fromNs);
    this.toNs = Math.max(this.toNs, toNs);
  }

  put(order: number, window: WindowSignal): void {
    const list = this.windows.get(window.probe) ?? [];
    this.windows.set(window.probe, list);
    list.push({ order, window });
    this.rows += window.rows;
  }
}
