/** What a window does with what its host sends: keep it, and make the flame graph's tree. */
import type { PortToWindow } from '../../../electron/bridge/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { callTree, functionTable, PLAIN_TREE, sampleColumns, tallyRows } from '../../../renderer/derive/index.ts';
import { REPLAY_LIMITS, SessionStore } from '../../../renderer/store/index.ts';

export class Window {
  extent = { fromNs: 0, toNs: 0 };
  /** The longest that one message kept it from drawing. */
  longestPauseMs = 0;
  readonly #store = new SessionStore(REPLAY_LIMITS, {
    nowMs: () => performance.now(),
    hidden: () => true,
    request: () => () => undefined,
    onVisibility: () => () => undefined,
  });
  #waiting: (() => void)[] = [];

  send(message: PortToWindow): void {
    this.#timed(() => {
      if (message.kind === 'series') this.#store.setSeries(message.series);
      if (message.kind === 'refill') this.#store.refill(message.phase);
    });
    if (message.kind !== 'state' || message.view.kind !== 'replay' || !message.view.loaded) return;
    this.extent = message.view.extent ?? this.extent;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** As it arrives over the port: a copy. */
  sendSignals(signals: readonly Signal[]): Promise<void> {
    const arrived = structuredClone(signals);
    let taken: Promise<void> = Promise.resolve();
    this.#timed(() => (taken = this.#store.ingest(arrived)));
    return taken;
  }

  nextRange(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  flameGraph(): number {
    const { tables, probes } = this.#store.snapshots.getState();
    const profile = probes.get('cpu-profile');
    if (!profile) throw new Error('no place for the profile');
    const samples = sampleColumns(profile.windows);
    const tally = tallyRows(samples, { first: 0, end: samples.windowCount });
    return callTree(tally, tables, functionTable(tables), PLAIN_TREE).count;
  }

  #timed(work: () => void): void {
    const begin = performance.now();
    work();
    this.longestPauseMs = Math.max(this.longestPauseMs, performance.now() - begin);
  }
}
