import type { ProbeManifest } from '../../remote-agent/protocol/manifest.ts';
import type { ProbeSignal, WindowSignal } from '../../remote-agent/protocol/signal.ts';
import { CounterTotals } from './counter-totals.ts';
import { History } from './history.ts';
import type { ProbeData } from './model.ts';
import { WindowRing } from './window-ring.ts';
import type { RingLimits } from './window-ring.ts';

/** Started, restarted, failed: few, and only the newest are shown. */
const EVENTS_KEPT = 100;

/** One probe's windows, what they add up to, and what became of the probe. */
export class ProbeStore {
  readonly #ring: WindowRing;
  #totals = new CounterTotals();
  #events = new History<ProbeSignal>(EVENTS_KEPT);
  #hasWindows = false;
  #published: ProbeData | null = null;

  constructor(manifest: ProbeManifest, limits: RingLimits) {
    this.#ring = new WindowRing(manifest, limits);
  }

  addWindow(window: WindowSignal): void {
    this.#ring.append(window);
    this.#totals.add(window.counters);
    this.#hasWindows = true;
    this.#published = null;
  }

  /** In the place of `other`, with other windows of the same session: its events happened here too. The first that has windows has all of them. */
  replace(other: ProbeStore | undefined): void {
    if (!other) return;
    this.#events = other.#events;
    this.#ring.follow(other.#ring);
    if (other.#hasWindows) {
      this.#totals = other.#totals;
      this.#hasWindows = true;
    }
    this.#published = null;
  }

  addEvent(event: ProbeSignal): void {
    this.#events.add(event);
    this.#published = null;
  }

  /** The same object until something was added. */
  published(): ProbeData {
    this.#published ??= {
      windows: this.#ring.published(),
      totals: this.#totals.published(),
      events: this.#events.published(),
    };
    return this.#published;
  }
}
