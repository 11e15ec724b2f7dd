/** About a minute of one agent run, gathered before it is written: like things side by side. */
import {
  type CostSignal,
  encodeRows,
  findProbe,
  isCounted,
  type OrderedWindow,
  RunRows,
  runsOf,
  type Signal,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { runTopic } from './format.ts';
import type { StoredRecord } from './stored-record.ts';
import { sumOfRows, sumOfWindows } from './sums.ts';
import type { TidyOutput } from './tidy-output.ts';

const PART_NS = 60e9;
/** A busy minute is cut before a chunk of it becomes too large to be read at once. */
const MOST_ROWS = 1 << 18;
const MOST_TABLE_RECORDS = 1 << 14;

interface Kept {
  readonly record: StoredRecord;
  readonly order: number;
  readonly logNs: bigint;
}

/** Windows of single events are apart: long ranges are shown without reading them. */
type Shelf = 'windows' | 'events';

export class Part {
  readonly costs: CostSignal[] = [];
  readonly windows = new Map<string, WindowSignal[]>();
  fromNs = Number.POSITIVE_INFINITY;
  toNs = 0;
  lastLogNs = 0n;
  private readonly tables: Kept[] = [];
  private readonly others: Readonly<Record<Shelf, Kept[]>> = { windows: [], events: [] };
  private readonly runs: Readonly<Record<Shelf, Map<string, OrderedWindow[]>>> = {
    windows: new Map(),
    events: new Map(),
  };
  private readonly sums = new Map<string, WindowSignal>();
  private rows = 0;

  get isEmpty(): boolean {
    return this.tables.length === 0 && this.others.windows.length === 0 && this.windows.size === 0;
  }

  /** Whether what happened at `atNs` belongs to the next one. */
  isFull(atNs: number | null): boolean {
    return (
      this.rows > MOST_ROWS ||
      this.tables.length > MOST_TABLE_RECORDS ||
      (atNs !== null && Number.isFinite(this.fromNs) && atNs >= this.fromNs + PART_NS)
    );
  }

  add(record: StoredRecord, signal: Signal | null, order: number, logNs: bigint): void {
    this.lastLogNs = logNs;
    if (signal?.kind === 'window') return this.addWindow(record, signal, order, logNs);
    if (signal?.kind === 'cost') {
      this.costs.push(signal);
      this.span(signal.fromNs, signal.toNs);
    }
    const shelf = signal?.kind === 'cost' || record.kind === 'window' ? this.others.windows : this.tables;
    shelf.push({ record, order, logNs });
  }

  writeTables(output: TidyOutput): void {
    for (const { record, order, logNs } of this.tables) output.record(record, order, logNs);
  }

  write(shelf: Shelf, output: TidyOutput): void {
    for (const [probe, windows] of this.runs[shelf])
      for (const run of runsOf(windows)) {
        const rows = new RunRows(run);
        output.run(runTopic(probe), encodeRows(rows), run[0]?.order ?? 0, this.lastLogNs);
        if (run.length === this.windows.get(probe)?.length) this.keepSum(probe, rows);
      }
    for (const { record, order, logNs } of this.others[shelf]) output.record(record, order, logNs);
  }

  /** Of a probe that counts, once its windows were written. */
  sumOf(probe: string): WindowSignal {
    return this.sums.get(probe) ?? sumOfWindows(this.windows.get(probe) ?? []);
  }

  /** Most probes have one run in a part: its rows are sorted already. */
  private keepSum(probe: string, rows: RunRows): void {
    const sum = isCounted(rows.manifest) ? sumOfRows(rows) : null;
    if (sum) this.sums.set(probe, sum);
  }

  private addWindow(record: StoredRecord, window: WindowSignal, order: number, logNs: bigint): void {
    const manifest = findProbe(window.probe);
    if (!manifest) throw new Error(`no probe ${window.probe}`);
    this.rows += window.rows;
    this.span(window.fromNs, window.toNs);
    entry(this.windows, window.probe).push(window);
    const shelf = isCounted(manifest) ? 'windows' : 'events';
    if (record.isUnderstood) entry(this.runs[shelf], window.probe).push({ order, window });
    else this.others[shelf].push({ record, order, logNs });
  }

  private span(fromNs: number, toNs: number): void {
    this.fromNs = Math.min(this.fromNs, fromNs);
    this.toNs = Math.max(this.toNs, toNs);
  }
}

function entry<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
