import { describe, expect, test } from 'vitest';
import { columnsOf, gapAt, rateAt } from '../../../renderer/views/axis/columns.ts';
import { S, seriesFrom } from './series.ts';

const steady = (seconds: number, value: (second: number) => number) =>
  seriesFrom(Array.from({ length: seconds }, (_, second) => [second, second + 1, value(second)] as const));

describe('columns of a series', () => {
  test('rates per second, a column for each window', () => {
    const { mean, highest } = columnsOf(
      seriesFrom([
        [0, 1, 5],
        [1, 2, 7],
      ]),
      { fromNs: 0, toNs: 2 * S },
      2,
    );
    expect([...mean]).toEqual([5, 7, Number.NaN]);
    expect([...highest]).toEqual([5, 7, Number.NaN]);
  });

  test('a time nobody knows of is a gap, not a zero', () => {
    const { mean } = columnsOf(
      seriesFrom([
        [0, 1, 5],
        [3, 4, 0],
      ]),
      { fromNs: 0, toNs: 4 * S },
      4,
    );
    expect([...mean.subarray(0, 4)]).toEqual([5, Number.NaN, Number.NaN, 0]);
  });

  test('a column half known keeps the rate of what is known', () => {
    const { mean } = columnsOf(seriesFrom([[0.5, 4.5, 40]]), { fromNs: 0, toNs: 5 * S }, 5);
    for (const rate of mean.subarray(0, 5)) expect(rate).toBeCloseTo(10);
  });

  test('many windows in a column: the mean says how many, the peak is not lost', () => {
    const { mean, highest } = columnsOf(
      steady(100, (second) => (second === 37 ? 900 : 10)),
      { fromNs: 0, toNs: 100 * S },
      10,
    );
    expect(mean[3]).toBeCloseTo((9 * 10 + 900) / 10);
    expect(highest[3]).toBe(900);
    expect(highest[4]).toBe(10);
  });

  test('a hundred thousand points fit, and their sum is the sum of the columns', () => {
    const series = steady(100_000, (second) => second % 13);
    const { mean, widthNs } = columnsOf(series, { fromNs: 0, toNs: 100_000 * S }, 977);
    const sum = mean.subarray(0, 977).reduce((all, rate) => all + (rate * widthNs) / S, 0);
    expect(sum).toBeCloseTo(
      series.value.reduce((all, value) => all + value, 0),
      3,
    );
  });

  test('columns do not move when the picture slides: the same windows give the same columns', () => {
    const series = steady(600, (second) => (second * 7) % 31);
    const at = (fromS: number) => columnsOf(series, { fromNs: fromS * S, toNs: (fromS + 500) * S }, 250);
    const [early, late] = [at(0.3), at(9.9)];
    const shift = Math.round((late.startNs - early.startNs) / early.widthNs);
    for (let column = 1; column < 200; column++) expect(late.mean[column]).toBeCloseTo(early.mean[column + shift]!, 9);
  });

  test('arrays longer than the series, and a series of nothing', () => {
    const series = { ...steady(4, () => 3), count: 2 };
    expect([...columnsOf(series, { fromNs: 0, toNs: 4 * S }, 4).mean.subarray(0, 4)]).toEqual([
      3,
      3,
      Number.NaN,
      Number.NaN,
    ]);
    expect([...columnsOf(seriesFrom([]), { fromNs: 0, toNs: S }, 2).mean]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe('a moment', () => {
  const series = seriesFrom([
    [10, 12, 8],
    [20, 21, 3],
  ]);
  const extent = { fromNs: 0, toNs: 30 * S };

  test.each([
    [9.9, null],
    [10, 4],
    [11.9, 4],
    [12, null],
    [20.5, 3],
    [21, null],
  ])('at %d s the rate is %s', (second, rate) => {
    expect(rateAt(series, second * S)).toBe(rate);
  });

  test.each([
    [5, [0, 10]],
    [11, null],
    [15, [12, 20]],
    [25, [21, 30]],
  ] as const)('at %d s the gap is %s', (second, gap) => {
    expect(gapAt(series, second * S, extent)).toEqual(gap && { fromNs: gap[0] * S, toNs: gap[1] * S });
  });
});
