/** Tracks of the time axis as they stand in a file. */
import { create } from '@bufbuild/protobuf';
import {
  MAX_SERIES_POINTS,
  NUMBER,
  numbers,
  packNumbers,
  raise,
  RISING,
  SERIES_IDS,
  type SeriesData,
} from '../../remote-agent/protocol/index.ts';
import { type SeriesRun, SeriesRunSchema } from '../../remote-agent/protocol/generated/sonde_pb.ts';

export function encodeSeries({ id, count, fromNs, toNs, value }: SeriesData): SeriesRun {
  const from = fromNs.subarray(0, count);
  return create(SeriesRunSchema, {
    id,
    count,
    from: packNumbers(from, RISING),
    length: packNumbers(
      from.map((at, i) => (toNs[i] as number) - at),
      NUMBER,
    ),
    value: packNumbers(value.subarray(0, count), RISING),
  });
}

/** null for one that is not known here. Raises a fault where it does not hold together. */
export function decodeSeries(run: SeriesRun): SeriesData | null {
  const id = SERIES_IDS.find((known) => known === run.id);
  if (!id) return null;
  const { count } = run;
  if (count > MAX_SERIES_POINTS) raise('out-of-sync', `a track of ${count} points`);
  const fromNs = numbers(run.from, RISING, count, 'starts of a track');
  const toNs = numbers(run.length, NUMBER, count, 'lengths of a track').map((length, i) => length + fromNs[i]!);
  for (let i = 0; i < count; i++)
    if (toNs[i]! <= fromNs[i]! || (i > 0 && fromNs[i]! < toNs[i - 1]!)) raise('out-of-sync', 'a track out of order');
  return { id, count, fromNs, toNs, value: numbers(run.value, RISING, count, 'values of a track') };
}
