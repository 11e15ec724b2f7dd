/**
 * Records in their order become parts of a minute, sums of each part and of each hour, tracks, and an index:
 *
 *      tables │ windows │ events      …a minute…     tables │ windows      …      sums of minutes      (an hour)
 *      …                                             sums of hours │ tracks                            (an agent run)
 *      index
 *
 * A short run has no sums: it is read as it was recorded, and they would make its file larger.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AgentFrame,
  type CostSignal,
  encodeRun,
  encodeSignal,
  findProbe,
  isCounted,
  recordBytes,
  recordTypeName,
  type OrderedWindow,
  runsOf,
  type Signal,
  SeriesSet,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import {
  type PartIndex,
  PartIndexSchema,
  PartTotalSchema,
  RecordingIndexSchema,
  type RunIndex,
  RunIndexSchema,
  SeriesRunSchema,
  type SumIndex,
  SumIndexSchema,
} from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { INDEX_PLACE, INDEX_TOPIC, SCHEMA_PREFIX, SERIES_TOPIC, type SumLevel, sumTopic } from './format.ts';
import { Part } from './part.ts';
import { encodeSeries } from './series-run.ts';
import { sumOfCosts, sumOfWindows, weightOf } from './sums.ts';
import type { TidyOutput } from './tidy-output.ts';

const PARTS_AN_HOUR = 60;
/** A chunk of sums is read as a whole. */
const MOST_SUM_ROWS = 1 << 21;

/** What waits to be written as one chunk of sums. */
class Sums {
  readonly windows = new Map<string, OrderedWindow[]>();
  readonly costs: { readonly order: number; readonly cost: CostSignal }[] = [];
  fromNs = Number.POSITIVE_INFINITY;
  toNs = 0;
  count = 0;
  rows = 0;
}

export class TidyWriter {
  /** Of records that were taken. */
  count = 0;
  private readonly output: TidyOutput;
  private readonly runs: RunIndex[] = [];
  private run: RunIndex = create(RunIndexSchema);
  private part = new Part();
  private minutes = new Sums();
  private hours = new Sums();
  private series = new SeriesSet();
  private lastLogNs = 0n;
  /** Of counts, in the run. */
  private rows = 0;
  private readonly rowsWithoutSums: number;

  constructor(output: TidyOutput, rowsWithoutSums: number) {
    this.output = output;
    this.rowsWithoutSums = rowsWithoutSums;
  }

  take(frame: AgentFrame, signal: Signal | null, logNs: bigint): void {
    if (frame.body.case === 'device') this.endRun();
    else if (this.part.isFull(timeOf(signal))) this.endPart();
    this.part.add(frame, signal, this.count++, logNs);
    this.lastLogNs = logNs;
    if (signal) this.series.take(signal);
  }

  /** Everything but the end of the file. */
  finish(): void {
    this.endRun();
    const index = create(RecordingIndexSchema, { runs: this.runs });
    const data = toBinary(RecordingIndexSchema, index);
    this.output.message(INDEX_TOPIC, `${SCHEMA_PREFIX}RecordingIndex`, data, 0, this.lastLogNs);
    const place = this.output.endChunk();
    if (place) this.output.metadata(INDEX_PLACE, { offset: String(place.offset), length: String(place.length) });
  }

  private endRun(): void {
    this.endPart();
    const { run, output } = this;
    if (run.minutes.length === 0 && this.rows <= this.rowsWithoutSums) this.minutes = new Sums();
    this.endMinutes();
    if (run.parts.length === 0) return;
    this.endHours();
    for (const each of this.series.published()) {
      if (each.count === 0) continue;
      const data = toBinary(SeriesRunSchema, encodeSeries(each));
      output.message(SERIES_TOPIC, `${SCHEMA_PREFIX}SeriesRun`, data, 0, this.lastLogNs);
    }
    run.series = output.endChunk();
    const spans = run.parts.filter(({ toNs }) => toNs > 0n);
    run.fromNs = spans.reduce((least, { fromNs }) => (fromNs < least ? fromNs : least), spans[0]?.fromNs ?? 0n);
    run.toNs = spans.reduce((most, { toNs }) => (toNs > most ? toNs : most), 0n);
    this.runs.push(run);
    this.run = create(RunIndexSchema);
    this.series = new SeriesSet();
    this.rows = 0;
  }

  private endPart(): void {
    const { part, output, run } = this;
    this.part = new Part();
    if (part.isEmpty && part.costs.length === 0) return;
    part.writeTables(output);
    const tables = output.endChunk();
    part.write('windows', output);
    const windows = output.endChunk();
    part.write('events', output);
    const events = output.endChunk();
    run.parts.push(partIndex(part, { tables, windows, events }));
    this.addUp(part, run.parts.length - 1);
    const { count, rows } = this.minutes;
    if (count === PARTS_AN_HOUR || rows > MOST_SUM_ROWS) this.endMinutes();
  }

  private addUp(part: Part, number: number): void {
    const { minutes } = this;
    minutes.count++;
    if (part.toNs === 0) return;
    span(minutes, part);
    for (const [probe, windows] of part.windows) {
      const manifest = findProbe(probe);
      if (!manifest || !isCounted(manifest)) continue;
      for (const { rows } of windows) this.rows += rows;
      put(minutes, number, sumOfWindows(windows));
    }
    if (part.costs.length > 0) minutes.costs.push({ order: number, cost: sumOfCosts(part.costs) });
  }

  private endMinutes(): void {
    const { minutes, hours, run } = this;
    if (minutes.count === 0) return;
    this.minutes = new Sums();
    const number = run.minutes.length;
    run.minutes.push(this.writeSums('minute', minutes, run.parts.length - minutes.count));
    hours.count++;
    if (minutes.toNs === 0) return;
    span(hours, minutes);
    for (const windows of minutes.windows.values())
      put(hours, number, sumOfWindows(windows.map(({ window }) => window)));
    if (minutes.costs.length > 0)
      hours.costs.push({ order: number, cost: sumOfCosts(minutes.costs.map(({ cost }) => cost)) });
    if (hours.rows > MOST_SUM_ROWS) this.endHours();
  }

  private endHours(): void {
    const { hours, run } = this;
    this.hours = new Sums();
    if (hours.count > 0) run.hours.push(this.writeSums('hour', hours, run.minutes.length - hours.count));
  }

  private writeSums(level: SumLevel, sums: Sums, first: number): SumIndex {
    const { output, lastLogNs } = this;
    for (const [probe, windows] of sums.windows) {
      for (const each of runsOf(windows))
        output.run(sumTopic(level, probe), encodeRun(each), 0, lastLogNs, { sum: level });
    }
    for (const { order, cost } of sums.costs) {
      const data = recordBytes(encodeSignal(cost, 0n));
      output.message(sumTopic(level, 'cost'), recordTypeName('cost'), data, order, lastLogNs, { sum: level });
    }
    const place = output.endChunk();
    const { fromNs, toNs, count, rows } = sums;
    return create(SumIndexSchema, { ...times(fromNs, toNs), place, first, count, rows: BigInt(rows) });
  }
}

function partIndex(part: Part, places: Pick<PartIndex, 'tables' | 'windows' | 'events'>): PartIndex {
  const totals = [...part.windows].map(([probe, windows]) =>
    create(PartTotalSchema, {
      probe,
      windows: windows.length,
      rows: BigInt(windows.reduce((sum, { rows }) => sum + rows, 0)),
      kept: BigInt(windows.reduce((sum, { counters }) => sum + counters.kept, 0)),
      weight: BigInt(windows.reduce((sum, window) => sum + weightOf(window), 0)),
    }),
  );
  return create(PartIndexSchema, { ...times(part.fromNs, part.toNs), ...places, totals });
}

/** 0 and 0 where nothing has a time. */
function times(fromNs: number, toNs: number): { fromNs: bigint; toNs: bigint } {
  return toNs > 0 ? { fromNs: BigInt(fromNs), toNs: BigInt(toNs) } : { fromNs: 0n, toNs: 0n };
}

function span(sums: Sums, { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }): void {
  sums.fromNs = Math.min(sums.fromNs, fromNs);
  sums.toNs = Math.max(sums.toNs, toNs);
}

function put(sums: Sums, order: number, window: WindowSignal): void {
  const list = sums.windows.get(window.probe) ?? [];
  sums.windows.set(window.probe, list);
  list.push({ order, window });
  sums.rows += window.rows;
}

function timeOf(signal: Signal | null): number | null {
  return signal?.kind === 'window' || signal?.kind === 'cost' ? signal.toNs : null;
}
