/** Load and rates in the course of time, in as few points as a picture has room for. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { CALLS_PROBE } from '../calls/collect-calls.ts';
import { inRange, type ProfileFilter } from '../filter.ts';
import { FLOWS_PROBE } from '../flows/flow-sum.ts';
import { WindowReader } from '../window-reader.ts';
import type { ReportTrack } from './report-data.ts';

const NS_PER_SECOND = 1e9;
/** Beyond this neighbours are added up. */
const MOST_POINTS = 1200;

interface Point {
  readonly fromNs: number;
  readonly toNs: number;
  readonly total: number;
}

class Track {
  points: Point[] = [];

  add(fromNs: number, toNs: number, total: number): void {
    this.points.push({ fromNs, toNs, total });
    if (this.points.length > 2 * MOST_POINTS) this.points = joined(this.points);
  }
}

function joined(points: readonly Point[]): Point[] {
  return points.flatMap((point, at) => {
    const next = points[at + 1];
    if (at % 2 === 1) return [];
    return next ? [{ fromNs: point.fromNs, toNs: next.toNs, total: point.total + next.total }] : [point];
  });
}

/** Of the whole device, whatever process was asked for. */
export class TrackCollector {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly load = new Track();
  private readonly calls = new Track();
  private readonly bytes = new Track();
  private readonly lost = new Track();

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
  }

  take(signal: Signal): void {
    if ((signal.kind !== 'cost' && signal.kind !== 'window') || !inRange(signal, this.filter)) return;
    const { fromNs, toNs } = signal;
    if (signal.kind === 'cost') return this.load.add(fromNs, toNs, signal.deviceCpuBusyNs);
    const lost = signal.counters.lost.reduce((sum, { count }) => sum + count, 0);
    if (lost > 0) this.lost.add(fromNs, toNs, lost);
    if (signal.probe === CALLS_PROBE) this.calls.add(fromNs, toNs, signal.counters.kept);
    if (signal.probe !== FLOWS_PROBE) return;
    const reader = new WindowReader(signal);
    let bytes = 0;
    for (let row = 0; row < signal.rows; row++) bytes += reader.number('sent', row) + reader.number('received', row);
    this.bytes.add(fromNs, toNs, bytes);
  }

  /** Those that have anything. */
  finish(zeroNs: number): ReportTrack[] {
    const cpus = this.about.device?.onlineCpus || 1;
    return [
      this.track('CPU load', '%', this.load, zeroNs, 100 / (cpus * NS_PER_SECOND)),
      this.track('System calls', '/s', this.calls, zeroNs, 1),
      this.track('Network', 'B/s', this.bytes, zeroNs, 1),
      this.track('Lost events', '/s', this.lost, zeroNs, 1),
    ].filter(({ value }) => value.length > 0);
  }

  private track(
    name: string,
    unit: ReportTrack['unit'],
    { points }: Track,
    zeroNs: number,
    scale: number,
  ): ReportTrack {
    const second = (ns: number): number => rounded((ns - zeroNs) / NS_PER_SECOND);
    return {
      name,
      unit,
      from: points.map(({ fromNs }) => second(fromNs)),
      to: points.map(({ toNs }) => second(toNs)),
      value: points.map(({ fromNs, toNs, total }) => rounded((scale * total * NS_PER_SECOND) / (toNs - fromNs))),
    };
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
