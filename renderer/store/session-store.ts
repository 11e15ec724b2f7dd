import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type {
  ClockSignal,
  CostSignal,
  DeviceSignal,
  NoteSignal,
  ProbeSignal,
  Signal,
  WindowSignal,
} from '../../remote-agent/protocol/signal.ts';
import { CounterTotals } from './counter-totals.ts';
import { History } from './history.ts';
import type { SessionSnapshot } from './model.ts';
import { Publisher } from './publisher.ts';
import type { FrameClock } from './publisher.ts';
import { SampleRing } from './sample-ring.ts';
import type { RingLimits } from './sample-ring.ts';
import { TableSet } from './table-set.ts';
import { windowRows } from './window-rows.ts';

/** Two hours at one a second, as long as the samples. */
const COSTS_KEPT = 7200;
/** Started, restarted, failed; notes of the session: few, and only the newest are shown. */
const EVENTS_KEPT = 200;

/** All that is known of one session's data. Signals go in; snapshots come out of `snapshots`, at the publisher's pace. */
export class SessionStore {
  readonly snapshots: StoreApi<SessionSnapshot>;
  readonly #publisher: Publisher;
  readonly #limits: RingLimits;
  #device: DeviceSignal | null = null;
  #tables = new TableSet();
  #ring: SampleRing;
  #totals = new CounterTotals();
  #costs = new History<CostSignal>(COSTS_KEPT);
  #probeEvents = new History<ProbeSignal>(EVENTS_KEPT);
  #notes = new History<NoteSignal>(EVENTS_KEPT);
  #clock: ClockSignal | null = null;
  #version = 0;

  constructor(limits: RingLimits, frames: FrameClock) {
    this.#limits = limits;
    this.#ring = new SampleRing(limits);
    this.snapshots = createStore<SessionSnapshot>(() => this.#snapshot());
    this.#publisher = new Publisher(() => this.#publish(), frames);
  }

  /** Settles when the batch was taken over for drawing. Throws a FaultError on tables that cannot be. */
  ingest(batch: readonly Signal[]): Promise<void> {
    for (const signal of batch) this.#take(signal);
    return this.#publisher.changed();
  }

  /** Shows what there is at the next frame, without waiting for the publisher's gap. */
  hurry(): void {
    this.#publisher.hurry();
  }

  close(): void {
    this.#publisher.close();
  }

  #take(signal: Signal): void {
    switch (signal.kind) {
      case 'device':
        return this.#meet(signal);
      case 'definitions':
        return this.#tables.add(signal);
      case 'window':
        return this.#addWindow(signal);
      case 'cost':
        return this.#costs.add(signal);
      case 'clock':
        this.#clock = signal;
        return;
      case 'probe':
        return this.#probeEvents.add(signal);
      case 'note':
        return this.#notes.add(signal);
      default:
        assertNever(signal);
    }
  }

  /** Ids belong to one agent run: with another run's ids nothing kept means anything any more, so it starts empty. */
  #meet(device: DeviceSignal): void {
    if (this.#device && this.#device.runId !== device.runId) {
      this.#tables = new TableSet();
      this.#ring = new SampleRing(this.#limits);
      this.#totals = new CounterTotals();
      this.#costs = new History(COSTS_KEPT);
      this.#clock = null;
    }
    this.#device = device;
  }

  #addWindow(window: WindowSignal): void {
    const rows = windowRows(window);
    if (!rows) return;
    this.#ring.append(rows);
    this.#totals.add(window.counters);
  }

  #publish(): void {
    this.#version++;
    this.snapshots.setState(this.#snapshot(), true);
  }

  #snapshot(): SessionSnapshot {
    const samples = this.#ring.published();
    const costs = this.#costs.published();
    return {
      version: this.#version,
      device: this.#device,
      tables: this.#tables.published(),
      samples,
      costs,
      wallOffsetMs: this.#clock ? this.#clock.realtimeMs - this.#clock.monotonicNs / 1e6 : null,
      firstNs: samples.windowCount > 0 ? (samples.windowFromNs[0] ?? 0) : (costs[0]?.fromNs ?? 0),
      lastNs: samples.windowCount > 0 ? (samples.windowToNs[samples.windowCount - 1] ?? 0) : (costs.at(-1)?.toNs ?? 0),
      totals: this.#totals.published(),
      probeEvents: this.#probeEvents.published(),
      notes: this.#notes.published(),
    };
  }
}

function assertNever(signal: never): never {
  throw new Error(`unknown signal ${JSON.stringify(signal)}`);
}
