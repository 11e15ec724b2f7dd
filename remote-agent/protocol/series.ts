/**
 * What the tracks of the time axis draw: a few numbers of each window and cost record. The window and the recording
 * both make them, so they are made here, once.
 */
import type { CostSignal, MonotonicNs, Signal, WindowSignal } from './signal.ts';
import { findProbe } from './probes/index.ts';

/** cpu: busy ns of all CPUs. observer: CPU ns of Sonde itself. lost: of all probes. bytes: both ways. */
export const SERIES_IDS = [
  'cpu',
  'samples',
  'calls',
  'call-errors',
  'bytes',
  'retransmits',
  'lost',
  'observer',
] as const;
export type SeriesId = (typeof SERIES_IDS)[number];

/** What one track of the axis draws: totals within from..to, in order. The arrays may be longer than count. */
export interface SeriesData {
  readonly id: SeriesId;
  readonly count: number;
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
  readonly value: Float64Array;
}

/** Called with totals within from..to. */
export type SeriesSink = (id: SeriesId, fromNs: MonotonicNs, toNs: MonotonicNs, value: number) => void;

export function addToSeries(signal: Signal, add: SeriesSink): void {
  if (signal.kind === 'cost') addCost(signal, add);
  else if (signal.kind === 'window') addWindow(signal, add);
}

function addCost(cost: CostSignal, add: SeriesSink): void {
  const { fromNs, toNs } = cost;
  add('cpu', fromNs, toNs, cost.deviceCpuBusyNs);
  add('observer', fromNs, toNs, cost.agentCpuNs + cost.loaderCpuNs + cost.bpfCpuNs);
}

function addWindow(window: WindowSignal, add: SeriesSink): void {
  const { fromNs, toNs, counters } = window;
  const put = (id: SeriesId, value: number): void => add(id, fromNs, toNs, value);
  put(
    'lost',
    counters.lost.reduce((sum, { count }) => sum + count, 0),
  );
  switch (window.probe) {
    case 'cpu-profile':
      return put('samples', counters.kept);
    case 'syscalls':
      put('calls', counters.kept);
      return put('call-errors', failedCalls(window));
    case 'net-flows':
      put('bytes', columnSum(window, 'sent') + columnSum(window, 'received'));
      return put('retransmits', columnSum(window, 'retransmits'));
    default:
      return;
  }
}

function failedCalls(window: WindowSignal): number {
  const errno = columnOf(window, 'errno');
  const calls = columnOf(window, 'calls');
  let sum = 0;
  for (let row = 0; row < window.rows; row++) if (errno[row] !== 0) sum += calls[row] ?? 0;
  return sum;
}

function columnSum(window: WindowSignal, name: string): number {
  const column = columnOf(window, name);
  let sum = 0;
  for (let row = 0; row < window.rows; row++) sum += column[row] ?? 0;
  return sum;
}

function columnOf({ probe, columns }: WindowSignal, name: string): ArrayLike<number> {
  const place = findProbe(probe)?.columns.findIndex((spec) => spec.name === name) ?? -1;
  return (columns[place] ?? []) as ArrayLike<number>;
}

/** A coarser one is no longer a picture of seconds; a finer one no longer fits a window's memory. */
export const MAX_SERIES_POINTS = 100_000;
const FIRST_POINTS = 1024;

/** One series that grows. Points are in order and do not overlap; what overlaps is added to the one before it. */
export class SeriesColumns {
  count = 0;
  fromNs = new Float64Array(FIRST_POINTS);
  toNs = new Float64Array(FIRST_POINTS);
  value = new Float64Array(FIRST_POINTS);

  add(fromNs: MonotonicNs, toNs: MonotonicNs, value: number): void {
    const last = this.count - 1;
    // Windows of several probes of one second: the middle says which second it is.
    if (last >= 0 && (fromNs + toNs) / 2 < (this.toNs[last] as number)) {
      this.value[last] = (this.value[last] as number) + value;
      return;
    }
    if (this.count === MAX_SERIES_POINTS) this.addUpNeighbours();
    this.reserve();
    this.fromNs[this.count] = this.count > 0 ? Math.max(fromNs, this.toNs[this.count - 1] as number) : fromNs;
    this.toNs[this.count] = toNs;
    this.value[this.count] = value;
    this.count++;
  }

  /** As it was when it was published, before anything is added. */
  restore({ count, fromNs, toNs, value }: SeriesData): void {
    if (count === 0) return;
    Object.assign(this, { count, fromNs, toNs, value });
  }

  /** Into new arrays: whoever holds the old ones may go on reading them. */
  private addUpNeighbours(): void {
    const { fromNs, toNs, value } = this;
    const half = this.count / 2;
    this.fromNs = new Float64Array(value.length);
    this.toNs = new Float64Array(value.length);
    this.value = new Float64Array(value.length);
    for (let i = 0; i < half; i++) {
      this.fromNs[i] = fromNs[2 * i] as number;
      this.toNs[i] = toNs[2 * i + 1] as number;
      this.value[i] = (value[2 * i] as number) + (value[2 * i + 1] as number);
    }
    this.count = half;
  }

  private reserve(): void {
    if (this.count < this.value.length) return;
    const length = Math.min(MAX_SERIES_POINTS, this.value.length * 2);
    this.fromNs = grown(this.fromNs, length);
    this.toNs = grown(this.toNs, length);
    this.value = grown(this.value, length);
  }
}

function grown(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(array);
  return larger;
}

/** Every series of one session. */
export class SeriesSet {
  readonly columns: ReadonlyMap<SeriesId, SeriesColumns> = new Map(SERIES_IDS.map((id) => [id, new SeriesColumns()]));

  take(signal: Signal): void {
    addToSeries(signal, (id, fromNs, toNs, value) => this.columns.get(id)?.add(fromNs, toNs, value));
  }

  restore(series: readonly SeriesData[]): void {
    for (const each of series) this.columns.get(each.id)?.restore(each);
  }

  /** Views that stay as they are: what comes later is written behind them. */
  published(): SeriesData[] {
    return [...this.columns].map(([id, { count, fromNs, toNs, value }]) => ({ id, count, fromNs, toNs, value }));
  }
}
