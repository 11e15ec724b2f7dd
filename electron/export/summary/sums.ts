/** A long recording in order holds sums of its minutes and hours: adding those up takes seconds where all of it takes minutes. */
import type { Stretch } from '../../../remote-agent/protocol/index.ts';
import { type RecordingReader, UntrueIndex } from '../../recording/index.ts';
import type { Batches } from '../batches.ts';

export interface SumLimits {
  /** Bytes of a file; a smaller one is read whole in a moment. */
  readonly from: number;
  /** Of windows that are added up. Single events are not, and all of them are read. */
  readonly rows: number;
}

/** A second or two. */
export const SUM_LIMITS: SumLimits = { from: 4e6, rows: 1_000_000 };
/** Between the first record of a run and its first window. */
const MARGIN_S = 30;

export interface Sums {
  readonly signals: Batches;
  /** How coarse their times are; 0 = as they were recorded. */
  readonly stepNs: number;
}

/** null where it has none, or where they are not all of what is asked for: several ranges, or more than one run of the agent. */
export async function sumsOf(
  reader: RecordingReader,
  ranges: readonly Stretch[],
  { from, rows }: SumLimits,
): Promise<Sums | null> {
  const { tidied, bytes, seconds } = reader.info;
  if (!tidied || bytes < from || ranges.length > 1) return null;
  try {
    const source = await reader.ranges({ rows, eventRows: Number.POSITIVE_INFINITY });
    const length = source ? (source.extent.toNs - source.extent.fromNs) / 1e9 : 0;
    if (!source || length + MARGIN_S < seconds) return null;
    const whole = await source.show(null);
    const isOneRun = whole.loaded.fromNs === source.extent.fromNs && whole.loaded.toNs === source.extent.toNs;
    if (!isOneRun) return null;
    const [range] = ranges;
    const { loaded, signals } = range ? await source.show(range) : whole;
    return { signals, stepNs: loaded.stepNs };
  } catch (error) {
    if (error instanceof UntrueIndex) return null;
    throw error;
  }
}
