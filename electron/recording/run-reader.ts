/** One agent run of a file that was put in order: its tables at once, its windows a range at a time. */
import type { PartIndex, PartTotal, RunIndex, SumIndex } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { SeriesRunSchema } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import {
  decodeMessage,
  faultOf,
  findProbe,
  frameFromRecord,
  isCounted,
  type OrderedWindow,
  readWindowRun,
  type SeriesData,
  type Signal,
  SignalDecoder,
  type Stretch,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import type { RawMessage } from './chunk.ts';
import { isRunTopic, type SumLevel, recordKindOfTopic, SERIES_TOPIC, sumTopic } from './format.ts';
import { type IndexedFile, messagesAt } from './index-file.ts';
import { type Plan, planOf, type RangeLimits, type Unit } from './range-plan.ts';
import { decodeSeries } from './series-run.ts';
import { weightOf } from './sums.ts';

/** So many small reads are under way at once. */
const READS = 16;

/** The sums do not agree with what they are sums of. */
export class UntrueIndex extends Error {}

/** What all its windows would take of a store's memory, about. */
export function bytesOf({ parts }: RunIndex): number {
  let bytes = 0;
  for (const { totals } of parts)
    for (const { probe, rows } of totals) bytes += Number(rows) * 4 * (findProbe(probe)?.columns.length ?? 0);
  return bytes;
}

/** Raises UntrueIndex. */
export function readSeries({ file, topics }: IndexedFile, { series }: RunIndex): Promise<readonly SeriesData[]> {
  if (!series) return Promise.resolve([]);
  return trusted(async () => {
    const messages = (await messagesAt(file, series)).filter(({ channelId }) => topics.get(channelId) === SERIES_TOPIC);
    return messages.flatMap(({ data }) => decodeSeries(decodeMessage(SeriesRunSchema, data)) ?? []);
  });
}

export class RunReader {
  readonly extent: Stretch;
  /** Device, definitions and events, in their order; empty again once they were taken. */
  private tables: Signal[] = [];
  private readonly source: IndexedFile;
  private readonly index: RunIndex;
  private readonly decoder = new SignalDecoder();

  private constructor(source: IndexedFile, index: RunIndex) {
    this.source = source;
    this.index = index;
    this.extent = { fromNs: Number(index.fromNs), toNs: Number(index.toNs) };
  }

  /** Raises UntrueIndex where its tables cannot be read: only reading the whole file can mend them. */
  static async open(source: IndexedFile, index: RunIndex): Promise<RunReader> {
    const run = new RunReader(source, index);
    await trusted(() => run.readTables());
    return run;
  }

  takeTables(): readonly Signal[] {
    const { tables } = this;
    this.tables = [];
    return tables;
  }

  plan(range: Stretch, withSums: boolean, limits: RangeLimits): Plan {
    return planOf(this.index, range, withSums, limits);
  }

  /** Windows and costs, in order of time for each probe. Raises UntrueIndex. */
  async *read(plan: Plan, range: Stretch): AsyncGenerator<readonly Signal[], void, void> {
    for (const unit of plan.units) yield await trusted(() => this.unit(unit, range));
    for (const part of plan.events) yield await trusted(() => this.events(part, range));
  }

  /** Windows as they were recorded, a part at a time; one that cannot be read is left out, and why. */
  async *parts(
    range: Stretch,
  ): AsyncGenerator<{ readonly signals: readonly Signal[]; readonly trouble: string | null }, void, void> {
    const every = { rows: Number.POSITIVE_INFINITY, eventRows: Number.POSITIVE_INFINITY };
    const { units, events } = this.plan(range, false, every);
    for (const unit of units) {
      if (unit.kind !== 'part') continue;
      try {
        const windows = await trusted(() => this.unit(unit, range));
        const single = events.includes(unit.part) ? await trusted(() => this.events(unit.part, range)) : [];
        yield { signals: [...windows, ...single], trouble: null };
      } catch (error) {
        if (!(error instanceof UntrueIndex)) throw error;
        yield { signals: [], trouble: error.message };
      }
    }
  }

  private async readTables(): Promise<void> {
    const places = this.index.parts.flatMap(({ tables }) => tables ?? []);
    for (let i = 0; i < places.length; i += READS) {
      const chunks = await Promise.all(places.slice(i, i + READS).map((place) => messagesAt(this.source.file, place)));
      for (const message of chunks.flat()) {
        const signal = this.record(message);
        if (signal) this.tables.push(signal);
      }
    }
    if (this.tables[0]?.kind !== 'device') throw new UntrueIndex('a run without its device');
  }

  private unit(unit: Unit, range: Stretch): Promise<Signal[]> {
    const { parts, minutes, hours } = this.index;
    switch (unit.kind) {
      case 'part':
        return this.part(parts[unit.part]!, range);
      case 'minutes':
        return this.sums('minute', minutes[unit.sum]!, unit, (part) => [parts[part]!]);
      case 'hours':
        return this.sums('hour', hours[unit.sum]!, unit, (number) => {
          const { first, count } = minutes[number]!;
          return parts.slice(first, first + count);
        });
    }
  }

  private async part({ windows: place, totals }: PartIndex, range: Stretch): Promise<Signal[]> {
    if (!place) return [];
    const signals = (await messagesAt(this.source.file, place)).flatMap((message) => this.signalsOf(message));
    check(signals.filter(isWindow), totals.filter(isKnownCount), 'rows are the same');
    return signals.filter((signal) => isWithin(signal, range));
  }

  private async events(part: number, range: Stretch): Promise<Signal[]> {
    const { events, totals } = this.index.parts[part]!;
    if (!events) return [];
    const signals = (await messagesAt(this.source.file, events)).flatMap((message) => this.signalsOf(message));
    const known = totals.filter(({ probe }) => findProbe(probe) !== null);
    check(
      signals.filter(isWindow),
      known.filter((total) => !isKnownCount(total)),
      'rows are the same',
    );
    return signals.filter((signal) => isWithin(signal, range));
  }

  /** `partsOf`: what the window of a number is the sum of. */
  private async sums(
    level: SumLevel,
    { place }: SumIndex,
    { first, end }: { readonly first: number; readonly end: number },
    partsOf: (order: number) => readonly PartIndex[],
  ): Promise<Signal[]> {
    if (!place) return [];
    const messages = await messagesAt(this.source.file, place);
    const isWanted = ({ order }: { readonly order: number }): boolean => order >= first && order < end;
    const windows = messages.flatMap((message) => this.sumsIn(message, level)).filter(isWanted);
    for (let order = first; order < end; order++)
      check(
        windows.filter((each) => each.order === order).map(({ window }) => window),
        added(partsOf(order).flatMap(({ totals }) => totals.filter(isKnownCount))),
        'rows are fewer',
      );
    const costs = messages.flatMap((message): Signal[] => {
      if (this.topicOf(message) !== sumTopic(level, 'cost') || !isWanted({ order: message.sequence })) return [];
      const cost = this.decoder.decode(frameFromRecord('cost', message.data));
      return cost ? [cost] : [];
    });
    return [...windows.map(({ window }) => window), ...costs];
  }

  private sumsIn(message: RawMessage, level: SumLevel): readonly OrderedWindow[] {
    const topic = this.topicOf(message);
    if (!topic.startsWith(sumTopic(level, '')) || topic === sumTopic(level, 'cost')) return [];
    return this.decoder.decodeRun(readWindowRun(message.data)) ?? [];
  }

  private signalsOf(message: RawMessage): readonly Signal[] {
    if (isRunTopic(this.topicOf(message)))
      return (this.decoder.decodeRun(readWindowRun(message.data)) ?? []).map(({ window }) => window);
    const signal = this.record(message);
    return signal ? [signal] : [];
  }

  private record(message: RawMessage): Signal | null {
    const kind = recordKindOfTopic(this.topicOf(message));
    return kind ? this.decoder.decode(frameFromRecord(kind, message.data)) : null;
  }

  private topicOf({ channelId }: RawMessage): string {
    return this.source.topics.get(channelId) ?? '';
  }
}

type Total = Pick<PartTotal, 'probe' | 'windows' | 'rows' | 'kept' | 'weight'>;

/** What the index says of it is what there is: a sum that lies must not be shown as a number. */
function check(
  windows: readonly WindowSignal[],
  totals: readonly Total[],
  how: 'rows are the same' | 'rows are fewer',
): void {
  const probes = new Set(windows.map(({ probe }) => probe));
  if (probes.size !== totals.length) throw new UntrueIndex('windows of other probes than the index says');
  for (const { probe, rows, kept, weight } of totals) {
    const own = windows.filter((window) => window.probe === probe);
    const isSame = how === 'rows are the same';
    const found = own.reduce((sum, window) => sum + window.rows, 0);
    if (isSame ? found !== Number(rows) : found > Number(rows)) throw new UntrueIndex(`${found} rows of ${probe}`);
    if (own.reduce((sum, { counters }) => sum + counters.kept, 0) !== Number(kept))
      throw new UntrueIndex(`kept of ${probe}`);
    if (own.reduce((sum, window) => sum + weightOf(window), 0) !== Number(weight))
      throw new UntrueIndex(`weight of ${probe}`);
  }
}

function added(totals: readonly Total[]): Total[] {
  const sums = new Map<string, Total>();
  for (const total of totals) {
    const before = sums.get(total.probe);
    sums.set(total.probe, {
      probe: total.probe,
      windows: total.windows + (before?.windows ?? 0),
      rows: total.rows + (before?.rows ?? 0n),
      kept: total.kept + (before?.kept ?? 0n),
      weight: total.weight + (before?.weight ?? 0n),
    });
  }
  return [...sums.values()];
}

function isKnownCount({ probe }: { readonly probe: string }): boolean {
  const manifest = findProbe(probe);
  return manifest !== null && isCounted(manifest);
}

function isWindow(signal: Signal): signal is WindowSignal {
  return signal.kind === 'window';
}

function isWithin(signal: Signal, { fromNs, toNs }: Stretch): boolean {
  return (signal.kind !== 'window' && signal.kind !== 'cost') || (signal.fromNs < toNs && signal.toNs > fromNs);
}

/** Whatever does not hold together is for whoever reads the whole file: that one can say what is missing. */
async function trusted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault || error instanceof RangeError) throw new UntrueIndex(fault?.message ?? String(error));
    throw error;
  }
}
