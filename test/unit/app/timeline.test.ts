import { describe, expect, test } from 'vitest';
import type { SampleColumns } from '../../../renderer/store/index.ts';
import { domainOf } from '../../../renderer/views/timeline/domain.ts';
import { bucketNs, MOST_POINTS, timelineSeries } from '../../../renderer/views/timeline/series.ts';
import { timeTicks } from '../../../renderer/widgets/time-ticks.ts';

const S = 1e9;

interface DrawnWindow {
  readonly from: number;
  readonly to: number;
  readonly kept?: number;
  readonly idle?: number;
  readonly lost?: number;
}

function samples(windows: readonly DrawnWindow[]): SampleColumns {
  return {
    windowCount: windows.length,
    windowFromNs: Float64Array.from(windows, ({ from }) => from * S),
    windowToNs: Float64Array.from(windows, ({ to }) => to * S),
    windowCounters: windows.map(({ kept = 0, idle = 0, lost = 0 }) => ({
      seen: kept + idle + lost,
      kept,
      idle,
      filtered: 0,
      lost: lost > 0 ? [{ cause: 'map-full', count: lost }] : [],
      incompleteStacks: 0,
    })),
  } as unknown as SampleColumns;
}

describe('series', () => {
  test('rates per second, one point per bucket', () => {
    const points = timelineSeries(
      samples([
        { from: 0, to: 1, kept: 5, idle: 90 },
        { from: 1, to: 2, kept: 7, lost: 2 },
      ]),
      { fromNs: 0, toNs: 2 * S },
    );
    expect(points).toEqual([
      { atNs: 0.5 * S, busy: 5, lost: 0, idle: 90 },
      { atNs: 1.5 * S, busy: 7, lost: 2, idle: 0 },
    ]);
  });

  test('a time without windows is a gap, not a zero', () => {
    const points = timelineSeries(
      samples([
        { from: 0, to: 1, kept: 5 },
        { from: 3, to: 4, kept: 5 },
      ]),
      { fromNs: 0, toNs: 4 * S },
    );
    expect(points.map(({ busy }) => busy)).toEqual([5, null, null, 5]);
  });

  test('a merged window is spread over its time; a bucket half covered keeps its rate', () => {
    const points = timelineSeries(samples([{ from: 0.5, to: 4.5, kept: 40 }]), { fromNs: 0, toNs: 5 * S });
    for (const { busy } of points) expect(busy).toBeCloseTo(10);
  });

  test('hours fit into a few hundred points and no sample is lost on the way', () => {
    const windows = Array.from({ length: 7200 }, (_, second) => ({ from: second, to: second + 1, kept: second % 13 }));
    const domain = { fromNs: 0, toNs: 7200 * S };
    const points = timelineSeries(samples(windows), domain);
    expect(points.length).toBeLessThanOrEqual(MOST_POINTS);
    const total = points.reduce((sum, { busy }) => sum + (busy ?? 0) * (bucketNs(domain) / S), 0);
    expect(total).toBeCloseTo(
      windows.reduce((sum, { kept }) => sum + kept, 0),
      3,
    );
  });

  test('buckets do not move when the picture slides: the same windows give the same points', () => {
    const windows = samples(
      Array.from({ length: 600 }, (_, second) => ({ from: second, to: second + 1, kept: (second * 7) % 31 })),
    );
    const early = timelineSeries(windows, { fromNs: 0.3 * S, toNs: 500.3 * S });
    const late = timelineSeries(windows, { fromNs: 9.9 * S, toNs: 509.9 * S });
    const shared = new Map(early.map((point) => [point.atNs, point]));
    for (const point of late.slice(2, 200)) expect(shared.get(point.atNs)).toEqual(point);
  });
});

describe('axis', () => {
  test('a followed range is shown with what came before it', () => {
    const extent = { firstNs: 0, lastNs: 1000 * S };
    expect(domainOf({ kind: 'last', seconds: 10 }, extent)).toEqual({ fromNs: 880 * S, toNs: 1000 * S });
    expect(domainOf({ kind: 'last', seconds: 300 }, extent)).toEqual({ fromNs: 100 * S, toNs: 1000 * S });
    expect(domainOf({ kind: 'all' }, extent)).toEqual({ fromNs: 0, toNs: 1000 * S });
  });

  test('a young session is drawn on half a minute', () => {
    expect(domainOf({ kind: 'last', seconds: 60 }, { firstNs: 100 * S, lastNs: 103 * S })).toEqual({
      fromNs: 73 * S,
      toNs: 103 * S,
    });
  });

  test('ticks are round in wall time', () => {
    const wallOffsetMs = 7_300;
    for (const ns of timeTicks({ fromNs: 1000 * S, toNs: 1120 * S }, wallOffsetMs)) {
      expect((ns / 1e6 + wallOffsetMs) % 15_000).toBeCloseTo(0, 3);
    }
  });

  test.each([1, 7, 30, 119, 300, 3600, 7200, 86_400, 900_000])('%d s get at most nine ticks', (seconds) => {
    expect(timeTicks({ fromNs: 0, toNs: seconds * S }, null).length).toBeLessThanOrEqual(seconds > 700_000 ? 12 : 9);
  });
});
