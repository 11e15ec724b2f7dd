/**
 * Records in their order become parts of a minute, sums of each part and of each hour, tracks, and an index:
 *
 *      tables │ windows │ events      …a minute…     tables │ windows      …      sums of minutes      (an hour)
 *      …                                             sums of hours │ tracks                            (an agent run)
 *      index
 *
 * A short run has no sums: it is read as it was recorded, and they would make its file larger.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type CostSignal,
  encodeRun,
  encodeSignal,
  findProbe,
  isCounted,
  recordBytes,
  recordTypeName,
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
import type { StoredRecord } from './stored-record.ts';
import { sumOfCosts, sumOfWindows, weightOf } from './sums.ts';
import type { TidyOutput } from './tidy-output.ts';
import { Sums } from './tidy-sums.ts';
import type { TidyWriterState } from './tidy-state.ts';

const PARTS_AN_HOUR = 60;
/** A chunk of sums is read as a whole. */
const MOST_SUM_ROWS = 1 << 21;

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

  /** Called where all that was taken is in the output, or can be made of what is. */
  private readonly onRest: () => void;

  constructor(output: TidyOutput, rowsWithoutSums: number, onRest: () => void) {
    this.output = output;
    this.rowsWithoutSums = rowsWithoutSums;
    this.onRest = onRest;
  }

  /** At rest. */
  state(): TidyWriterState {
    const { count, rows, lastLogNs, runs, run } = this;
    const index = toBinary(RecordingIndexSchema, create(RecordingIndexSchema, { runs: [...runs, run] }));
    const series = this.series.published().map((each) => ({
      ...each,
      fromNs: each.fromNs.slice(0, each.count),
      toNs: each.toNs.slice(0, each.count),
      value: each.value.slice(0, each.count),
    }));
    return { count, rows, lastLogNs, index, series };
  }

  /** Before anything is taken. Gives the run that goes on. */
  restore({ count, rows, lastLogNs, index, series }: TidyWriterState): RunIndex {
    this.runs.push(...fromBinary(RecordingIndexSchema, index).runs);
    this.run = this.runs.pop() ?? this.run;
    Object.assign(this, { count, rows, lastLogNs });
    this.series.restore(series);
    return this.run;
  }

  take(record: StoredRecord, signal: Signal | null, logNs: bigint): void {
    if (record.kind === 'device') this.endRun();
    else if (this.part.isFull(timeOf(signal))) {
      this.endPart();
      if (this.minutes.count === 0) this.onRest();
    }
    this.part.add(record, signal, this.count++, logNs);
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
    minutes.span(part);
    for (const [probe, windows] of part.windows) {
      const manifest = findProbe(probe);
      if (!manifest || !isCounted(manifest)) continue;
      for (const { rows } of windows) this.rows += rows;
      minutes.put(number, part.sumOf(probe));
    }
    if (part.costs.length > 0) minutes.costs.push({ order: number, cost: sumOfCosts(part.costs) });
  }

  private endMinutes(): void {
    const { minutes, run } = this;
    if (minutes.count === 0) return;
    this.minutes = new Sums();
    run.minutes.push(this.writeSums('minute', minutes, run.parts.length - minutes.count));
    const windows = [...minutes.windows.values()].map((list) => list.map(({ window }) => window));
    this.addMinutes(
      run.minutes.length - 1,
      minutes,
      windows,
      minutes.costs.map(({ cost }) => cost),
    );
    if (this.hours.rows > MOST_SUM_ROWS) this.endHours();
  }

  /** What chunk `number` of the sums of minutes comes to, for the hour that it is part of. `windows`: by probe. */
  addMinutes(
    number: number,
    times: { readonly fromNs: number; readonly toNs: number },
    windows: readonly (readonly WindowSignal[])[],
    costs: readonly CostSignal[],
  ): void {
    const { hours } = this;
    hours.count++;
    if (times.toNs === 0) return;
    hours.span(times);
    for (const list of windows) hours.put(number, sumOfWindows(list));
    if (costs.length > 0) hours.costs.push({ order: number, cost: sumOfCosts(costs) });
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

function timeOf(signal: Signal | null): number | null {
  return signal?.kind === 'window' || signal?.kind === 'cost' ? signal.toNs : null;
}
