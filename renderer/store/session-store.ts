import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { PROBES } from '../../remote-agent/protocol/probes/index.ts';
import { SeriesSet } from '../../remote-agent/protocol/series.ts';
import type { SeriesData } from '../../remote-agent/protocol/series.ts';
import type { ClockSignal, CostSignal, DeviceSignal, NoteSignal, Signal } from '../../remote-agent/protocol/signal.ts';
import { History } from './history.ts';
import type { Column, ProbeColumns, ProbeData, StoreSnapshot } from './model.ts';
import { ProbeStore } from './probe-store.ts';
import { Publisher } from './publisher.ts';
import type { FrameClock } from './publisher.ts';
import { TableSet } from './table-set.ts';
import type { RingLimits } from './window-ring.ts';

/** Two hours at one a second, as long as the windows. */
const COSTS_KEPT = 7200;
/** Few come, and only the newest are shown. */
const NOTES_KEPT = 200;

/** All that is known of one session's data. Signals go in; snapshots come out of `snapshots`, at the publisher's pace. */
export class SessionStore {
  readonly snapshots: StoreApi<StoreSnapshot>;
  readonly #publisher: Publisher;
  readonly #limits: RingLimits;
  #device: DeviceSignal | null = null;
  #tables = new TableSet();
  #probes: ReadonlyMap<string, ProbeStore>;
  #costs = new History<CostSignal>(COSTS_KEPT);
  #notes = new History<NoteSignal>(NOTES_KEPT);
  #clock: ClockSignal | null = null;
  #series = new SeriesSet();
  /** Of a long recording: its host has them ready, and the windows here are a part of it only. */
  #givenSeries: readonly SeriesData[] | null = null;
  /** Windows and costs of another range, which are not shown before they are whole. */
  #refill: Refill | null = null;
  #version = 0;

  constructor(limits: RingLimits, frames: FrameClock) {
    this.#limits = limits;
    this.#probes = probeStores(limits);
    this.snapshots = createStore<StoreSnapshot>(() => this.#snapshot());
    this.#publisher = new Publisher(() => this.#publish(), frames);
  }

  /** Settles when the batch was taken over for drawing. Throws a FaultError on tables that cannot be. */
  ingest(batch: readonly Signal[]): Promise<void> {
    for (const signal of batch) this.#take(signal);
    // Nothing of it is shown before it is whole.
    return this.#refill ? Promise.resolve() : this.#publisher.changed();
  }

  /** Instead of those that are made from the windows. */
  setSeries(series: readonly SeriesData[]): void {
    this.#givenSeries = series;
    void this.#publisher.changed();
  }

  /** What is shown stays until the windows of the other range are all here, and then goes at once. */
  refill(phase: 'begins' | 'ends'): void {
    if (phase === 'begins') {
      this.#refill = { probes: probeStores(this.#limits), costs: new History(COSTS_KEPT) };
      return;
    }
    if (!this.#refill) return;
    const { probes, costs } = this.#refill;
    for (const [id, probe] of probes) probe.replace(this.#probes.get(id));
    this.#probes = probes;
    this.#costs = costs;
    this.#refill = null;
    void this.#publisher.changed();
    this.#publisher.hurry();
  }

  /** Shows what there is at the next frame, without waiting for the publisher's gap. */
  hurry(): void {
    this.#publisher.hurry();
  }

  close(): void {
    this.#publisher.close();
  }

  #take(signal: Signal): void {
    this.#series.take(signal);
    switch (signal.kind) {
      case 'device':
        return this.#meet(signal);
      case 'definitions':
        this.#tables.add(signal);
        return this.#tables.forgetFlows(() => this.#flowsOfRows());
      case 'window':
        return (this.#refill?.probes ?? this.#probes).get(signal.probe)?.addWindow(signal);
      case 'cost':
        return (this.#refill?.costs ?? this.#costs).add(signal);
      case 'clock':
        this.#clock = signal;
        return;
      case 'probe':
        return this.#probes.get(signal.probe)?.addEvent(signal);
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
      this.#probes = probeStores(this.#limits);
      this.#costs = new History(COSTS_KEPT);
      this.#clock = null;
      this.#series = new SeriesSet();
      if (this.#refill) this.refill('begins');
    }
    this.#device = device;
  }

  #flowsOfRows(): Column[] {
    return [...this.#probes.values()].flatMap((probe) => flowsOf(probe.published().windows));
  }

  #publish(): void {
    this.#version++;
    this.snapshots.setState(this.#snapshot(), true);
  }

  #snapshot(): StoreSnapshot {
    const probes = new Map([...this.#probes].map(([id, probe]) => [id, probe.published()]));
    const costs = this.#costs.published();
    return {
      version: this.#version,
      device: this.#device,
      tables: this.#tables.published(),
      probes,
      costs,
      wallOffsetMs: this.#clock ? this.#clock.realtimeMs - this.#clock.monotonicNs / 1e6 : null,
      ...extentOf(probes, costs, this.#givenSeries),
      notes: this.#notes.published(),
      series: new Map((this.#givenSeries ?? this.#series.published()).map((series) => [series.id, series])),
    };
  }
}

interface Refill {
  readonly probes: ReadonlyMap<string, ProbeStore>;
  readonly costs: History<CostSignal>;
}

/** One for each manifest; what comes from a probe that this version does not know is passed over. */
function probeStores(limits: RingLimits): ReadonlyMap<string, ProbeStore> {
  return new Map(PROBES.map((manifest) => [manifest.id, new ProbeStore(manifest, limits)]));
}

function flowsOf({ manifest, columns, rowCount }: ProbeColumns): Column[] {
  return manifest.columns.flatMap(({ type }, i) => {
    const column = columns[i];
    return type === 'flow' && column ? [column.subarray(0, rowCount)] : [];
  });
}

/** Of the windows of all probes; of the costs where there are none. Of a long recording: of all of it. */
function extentOf(
  probes: ReadonlyMap<string, ProbeData>,
  costs: readonly CostSignal[],
  given: readonly SeriesData[] | null,
): Pick<StoreSnapshot, 'firstNs' | 'lastNs'> {
  const whole = (given ?? []).filter(({ count }) => count > 0);
  if (whole.length > 0)
    return {
      firstNs: Math.min(...whole.map(({ fromNs }) => fromNs[0] ?? 0)),
      lastNs: Math.max(...whole.map(({ toNs, count }) => toNs[count - 1] ?? 0)),
    };
  const kept = [...probes.values()].map(({ windows }) => windows).filter(({ windowCount }) => windowCount > 0);
  if (kept.length === 0) return { firstNs: costs[0]?.fromNs ?? 0, lastNs: costs.at(-1)?.toNs ?? 0 };
  return {
    firstNs: Math.min(...kept.map(({ windowFromNs }) => windowFromNs[0] ?? 0)),
    lastNs: Math.max(...kept.map(({ windowToNs, windowCount }) => windowToNs[windowCount - 1] ?? 0)),
  };
}

function assertNever(signal: never): never {
  throw new Error(`unknown signal ${JSON.stringify(signal)}`);
}
