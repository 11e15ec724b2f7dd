import { expect, test } from 'vitest';
import { MAX_SERIES_POINTS, SeriesColumns } from '../../../remote-agent/protocol/index.ts';

const points = ({ count, fromNs, toNs, value }: SeriesColumns) =>
  Array.from({ length: count }, (_, i) => [fromNs[i], toNs[i], value[i]]);

test('what overlaps by more than half is added to the point before it', () => {
  const series = new SeriesColumns();
  series.add(0, 10, 1);
  series.add(0, 11, 2);
  series.add(10, 20, 4);
  series.add(11, 21, 8);
  series.add(30, 40, 16);
  expect(points(series)).toEqual([
    [0, 10, 3],
    [10, 20, 12],
    [30, 40, 16],
  ]);
});

test('a day has a point for each second, a longer one is added up, and nothing is lost', () => {
  const series = new SeriesColumns();
  const count = MAX_SERIES_POINTS + 10;
  for (let i = 0; i < count; i++) series.add(i, i + 1, 1);
  expect(series.count).toBe(MAX_SERIES_POINTS / 2 + 10);
  expect(points(series)[0]).toEqual([0, 2, 2]);
  expect(points(series).at(-1)).toEqual([count - 1, count, 1]);
  expect(series.value.reduce((sum, value) => sum + value, 0)).toBe(count);
});
