/** Ways from Signals to rows: at the end, as soon as nothing more will be said of what they are about, or by window. */
import type { Signal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { About } from '../about.ts';
import { type Batches, type CollectOptions, type Collector, signalsOf } from '../batches.ts';
import { collect } from '../collect.ts';
import { Coverage, type Covered } from '../coverage.ts';
import type { Cell } from './column.ts';
import { piecesOf, type RowPieces, type Section, type TableSource, type Whole } from './table-kind.ts';

type Counts = Record<string, number>;

/** Totals of the range, in as many tables as the kind has. */
export async function totalSource<T extends Covered>(
  batches: Batches,
  options: CollectOptions,
  make: (about: About) => Collector<T>,
  counts: Readonly<Counts>,
  rowsOf: (collected: T, about: About) => readonly RowPieces[],
): Promise<TableSource> {
  let about = new About();
  const collected = await collect(batches, options, (heard) => make((about = heard)));
  const rows = rowsOf(collected, about);
  return { sections: [{ window: null, rows }], counts, whole: () => wholeOf(about, collected) };
}

/** Keeps what is not over, and no more. */
export interface RowStream<R> {
  readonly coverage: Coverage;
  /** Every signal, after `about` has heard it. What is over now. */
  take(signal: Signal): R[];
  /** What was not over when the recording ended. */
  finish(): R[];
}

export interface StreamedTable<R> {
  readonly stream: RowStream<R>;
  readonly cells: (row: R) => Cell[];
  /** What a row is called when rows are counted. */
  readonly unit: string;
  readonly more?: () => Whole['more'];
}

/** One table of one section. */
export function streamSource<R>(
  batches: Batches,
  { filter, stop }: CollectOptions,
  about: About,
  { stream, cells, unit, more }: StreamedTable<R>,
): TableSource {
  const counts: Counts = { [unit]: 0 };
  async function* pieces(): AsyncGenerator<Cell[][]> {
    for await (const signal of signalsOf(batches, stop)) {
      about.take(signal, filter);
      yield* counted(stream.take(signal));
    }
    yield* counted(stream.finish());
  }
  function counted(rows: readonly R[]): Iterable<Cell[][]> {
    counts[unit] = (counts[unit] ?? 0) + rows.length;
    return piecesOf(rows, cells);
  }
  const whole = (): Whole => wholeOf(about, stream.coverage.result(), more?.());
  return { sections: [{ window: null, rows: [pieces()] }], counts, whole };
}

/** A section per window, so that hours need no more memory than a second. */
export function windowSource(
  batches: Batches,
  { filter, stop }: CollectOptions,
  probe: string,
  counts: Readonly<Counts>,
  rowsOf: (window: WindowSignal, about: About) => readonly RowPieces[],
): TableSource {
  const about = new About();
  const coverage = new Coverage(probe, filter);
  async function* sections(): AsyncGenerator<Section> {
    for await (const signal of signalsOf(batches, stop)) {
      about.take(signal, filter);
      if (!coverage.take(signal)) continue;
      const { fromNs, toNs } = signal;
      yield { window: { fromNs, toNs, realtimeMs: about.realtimeMs(fromNs) }, rows: rowsOf(signal, about) };
    }
  }
  return { sections: sections(), counts, whole: () => wholeOf(about, coverage.result()) };
}

function wholeOf(about: About, covered: Covered, more: Whole['more'] = {}): Whole {
  const { device } = about;
  return { ...covered, device, realtimeMs: about.realtimeMs(covered.fromNs), more };
}
