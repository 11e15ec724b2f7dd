import type { TimeColumns } from '../calls/index.ts';
import type { FlowColumns } from './flow-columns.ts';
import type { FlowList } from './flow-list.ts';
import { type RemoteGrouping, remoteOf } from './flow-map.ts';
import type { FlowWorld } from './flow-world.ts';

export type StackBy = 'process' | 'remote';

/** Payload over time by who talks, and how well it got through. */
export interface Throughput {
  readonly columns: TimeColumns;
  /** The greatest of the range, and last, where there are more, all others. */
  readonly series: readonly ThroughputSeries[];
  /** Segments sent again, per second. */
  readonly retransmits: Float64Array;
  /** Smoothed round trip, each flow weighed by its packets; NaN = none is known. */
  readonly rttNs: Float64Array;
}

export interface ThroughputSeries {
  readonly text: string;
  /** Behind all that were picked out. */
  readonly isOthers: boolean;
  /** Both ways, per second of each column. */
  readonly bytesPerSecond: Float64Array;
}

/** More colours than these nobody tells apart. */
export const MOST_SERIES = 7;

export function throughput(
  columns: FlowColumns,
  world: FlowWorld,
  list: FlowList,
  time: TimeColumns,
  by: StackBy,
  grouping: RemoteGrouping,
): Throughput {
  const { names, seriesOf } = greatest(world, list, by, grouping);
  const rates = names.map(() => new Float64Array(time.count));
  const quality = addRows(columns, world, time, seriesOf, rates);
  for (const rate of [...rates, quality.retransmits])
    for (let column = 0; column < time.count; column++) rate[column] = rate[column]! / time.seconds[column]!;
  const series = names.map((text, at) => ({ text, isOthers: at === MOST_SERIES, bytesPerSecond: rates[at]! }));
  return { columns: time, series, ...quality };
}

const NONE = 255;

/** Which line each flow belongs to, by place; NONE where it is not shown. */
function greatest(world: FlowWorld, { shown }: FlowList, by: StackBy, grouping: RemoteGrouping) {
  const { totals } = world;
  const nameOf = (place: number) => (by === 'process' ? world.owner(place).name : remoteOf(world, place, grouping));
  const bytes = new Map<string, number>();
  for (const place of shown) {
    const name = nameOf(place);
    bytes.set(name, (bytes.get(name) ?? 0) + totals.sent[place]! + totals.received[place]!);
  }
  const ordered = [...bytes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const names = ordered.slice(0, MOST_SERIES);
  const numbers = new Map(names.map((name, at) => [name, at]));
  const seriesOf = new Uint8Array(totals.count).fill(NONE);
  for (const place of shown) seriesOf[place] = numbers.get(nameOf(place)) ?? MOST_SERIES;
  if (ordered.length > names.length) names.push(`${ordered.length - names.length} others`);
  return { names, seriesOf };
}

function addRows(
  columns: FlowColumns,
  { totals }: FlowWorld,
  time: TimeColumns,
  seriesOf: Uint8Array,
  rates: readonly Float64Array[],
): Pick<Throughput, 'retransmits' | 'rttNs'> {
  const { placeOfRow, fromRow } = totals;
  const { sent, received, packetsSent, packetsReceived, rttNs } = columns;
  const retransmits = new Float64Array(time.count);
  const roundTrips = new Float64Array(time.count).fill(Number.NaN);
  for (let column = 0; column < time.count; column++) {
    const to = columns.windowRow[time.windows[column + 1]!]!;
    let [weighed, weights] = [0, 0];
    for (let row = columns.windowRow[time.windows[column]!]!; row < to; row++) {
      const series = seriesOf[placeOfRow[row - fromRow]!]!;
      if (series === NONE) continue;
      const rate = rates[series]!;
      rate[column] = rate[column]! + sent[row]! + received[row]!;
      retransmits[column] = retransmits[column]! + columns.retransmits[row]!;
      if (rttNs[row] === 0) continue;
      const packets = packetsSent[row]! + packetsReceived[row]!;
      weighed += rttNs[row]! * packets;
      weights += packets;
    }
    if (weights > 0) roundTrips[column] = weighed / weights;
  }
  return { retransmits, rttNs: roundTrips };
}
