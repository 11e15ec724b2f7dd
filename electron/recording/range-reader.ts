/** Any part of a long recording, as fine as there is room for, without reading the rest. */
import type { Fault, SeriesData, Signal, Stretch } from '../../remote-agent/protocol/index.ts';
import type { BlockReader } from './block-reader.ts';
import { type IndexedFile, readIndex } from './index-file.ts';
import type { RangeLimits } from './range-plan.ts';
import { bytesOf, readSeries, RunReader, UntrueIndex } from './run-reader.ts';

export interface LoadedRange extends Stretch {
  /** How coarse its windows are; 0 = as they were recorded. */
  readonly stepNs: number;
}

export interface RangePart {
  readonly loaded: LoadedRange;
  /** All that a store needs that knows nothing, or only windows and costs where it has the tables of the run. */
  readonly signals: AsyncGenerator<readonly Signal[], void, void>;
}

/** A clone of fewer signals costs more messages, one of more a pause. */
const TABLES_AT_ONCE = 200;

export class RangeReader {
  /** All of the recording. */
  readonly extent: Stretch;
  private readonly source: IndexedFile;
  private readonly limits: RangeLimits;
  /** Those with anything in them, in order of time. */
  private readonly shown: readonly number[];
  private current: { readonly number: number; readonly run: RunReader } | null = null;
  /** Whoever is given the ranges has the tables of the run. */
  tablesAreOut = false;
  private sumsAreTrue = true;

  private constructor(source: IndexedFile, shown: readonly number[], limits: RangeLimits) {
    this.source = source;
    this.limits = limits;
    this.shown = shown;
    const runs = shown.map((number) => source.runs[number]!);
    this.extent = {
      fromNs: Math.min(...runs.map(({ fromNs }) => Number(fromNs))),
      toNs: Math.max(...runs.map(({ toNs }) => Number(toNs))),
    };
  }

  /** null where the file is not in order, or its index cannot be used: it is then read from front to back. */
  static async open(file: BlockReader, limits: RangeLimits): Promise<RangeReader | null> {
    const source = await readIndex(file);
    const timed = (source?.runs ?? []).flatMap(({ toNs }, number) => (toNs > 0n ? [number] : []));
    return source && timed.length > 0 ? new RangeReader(source, lastAscending(source, timed), limits) : null;
  }

  /** What is not as it should be, as far as was read. */
  warning(path: string): Fault | null {
    if (this.sumsAreTrue) return null;
    return {
      code: 'bad-recording',
      message: `the sums in ${path} are not those of its data: long ranges are read from the data itself`,
      hint: 'Somebody changed the file, or it was damaged. If there is a copy of it, open that.',
    };
  }

  /** What it would take to hold all windows. */
  get bytes(): number {
    return this.shown.reduce((sum, number) => sum + bytesOf(this.source.runs[number]!), 0);
  }

  /** Of all runs. Raises UntrueIndex. */
  async series(): Promise<readonly SeriesData[]> {
    const all = new Map<string, SeriesData>();
    for (const number of this.shown)
      for (const series of await readSeries(this.source, this.source.runs[number]!))
        all.set(series.id, joined(all.get(series.id), series));
    return [...all.values()];
  }

  /** Ids belong to one run: of several in the range the newest is shown. Raises UntrueIndex. */
  async show(range: Stretch | null): Promise<RangePart> {
    const wanted = range ?? this.extent;
    const number = range === null ? this.longest() : this.newestIn(range);
    const isNew = this.current?.number !== number;
    if (isNew) this.tablesAreOut = false;
    if (isNew) this.current = { number, run: await RunReader.open(this.source, this.source.runs[number]!) };
    const { run } = this.current!;
    const within = {
      fromNs: Math.max(wanted.fromNs, run.extent.fromNs),
      toNs: Math.min(wanted.toNs, run.extent.toNs),
    };
    const { stepNs } = run.plan(within, this.sumsAreTrue, this.limits);
    return { loaded: { ...within, stepNs }, signals: this.signals(run, within) };
  }

  private async *signals(run: RunReader, range: Stretch): RangePart['signals'] {
    const tables = run.takeTables();
    for (let i = 0; i < tables.length; i += TABLES_AT_ONCE) yield tables.slice(i, i + TABLES_AT_ONCE);
    this.tablesAreOut = true;
    if (this.sumsAreTrue) {
      const coarse: (readonly Signal[])[] = [];
      try {
        // Held until all of it was checked: half of a picture that lies could not be taken back.
        for await (const batch of run.read(run.plan(range, true, this.limits), range)) coarse.push(batch);
        yield* coarse;
        return;
      } catch (error) {
        if (!(error instanceof UntrueIndex)) throw error;
        this.sumsAreTrue = false;
      }
    }
    yield* run.read(run.plan(range, false, this.limits), range);
  }

  private longest(): number {
    const length = (number: number) => this.source.runs[number]!.toNs - this.source.runs[number]!.fromNs;
    return this.shown.reduce((best, number) => (length(number) >= length(best) ? number : best));
  }

  private newestIn({ fromNs, toNs }: Stretch): number {
    const overlapping = this.shown.filter((number) => {
      const run = this.source.runs[number]!;
      return Number(run.fromNs) < toNs && Number(run.toNs) > fromNs;
    });
    return overlapping.at(-1) ?? this.current?.number ?? this.longest();
  }
}

/** Those that have anything in the range, ready to be read; none where the index is of no use. */
export async function runsWithin(file: BlockReader, range: Stretch): Promise<readonly RunReader[]> {
  const source = await readIndex(file);
  const runs = (source?.runs ?? []).filter(
    ({ fromNs, toNs }) => Number(fromNs) < range.toNs && Number(toNs) > range.fromNs,
  );
  try {
    return source ? await Promise.all(runs.map((run) => RunReader.open(source, run))) : [];
  } catch (error) {
    if (error instanceof UntrueIndex) return [];
    throw error;
  }
}

/** The device's clock begins anew when it boots: one axis has only the runs since then. */
function lastAscending({ runs }: IndexedFile, numbers: readonly number[]): readonly number[] {
  let first = numbers.length - 1;
  while (first > 0 && runs[numbers[first - 1]!]!.toNs <= runs[numbers[first]!]!.fromNs) first--;
  return numbers.slice(first);
}

function joined(before: SeriesData | undefined, next: SeriesData): SeriesData {
  if (!before) return next;
  const join = (a: Float64Array, b: Float64Array): Float64Array => {
    const both = new Float64Array(before.count + next.count);
    both.set(a.subarray(0, before.count));
    both.set(b.subarray(0, next.count), before.count);
    return both;
  };
  return {
    id: next.id,
    count: before.count + next.count,
    fromNs: join(before.fromNs, next.fromNs),
    toNs: join(before.toNs, next.toNs),
    value: join(before.value, next.value),
  };
}
