import { expect, test } from 'vitest';
import type { CostSignal } from '../../../remote-agent/protocol/signal.ts';
import { costRate, costSeries, costsWithin, observerBytes } from '../../../renderer/views/cost/rates.ts';

const second = (index: number, agentCpuNs = 10e6): CostSignal => ({
  kind: 'cost',
  fromNs: index * 1e9,
  toNs: (index + 1) * 1e9,
  agentCpuNs,
  loaderCpuNs: 4e6,
  bpfCpuNs: 1e6,
  agentResidentBytes: 40e6,
  loaderResidentBytes: 1e6,
  kernelMapBytes: 8e6,
  sentBytes: 5000,
  spoolBytes: 0,
  deviceCpuBusyNs: 2e9,
  memoryAvailableBytes: 1e9,
});

test('percent is of one core for the observer, of all CPUs for the device', () => {
  expect(costRate([second(0), second(1, 20e6)], 4)).toEqual({
    toNs: 2e9,
    agentPercent: 1.5,
    loaderPercent: 0.4,
    kernelPercent: 0.1,
    observerPercent: 2,
    devicePercent: 50,
    sentBytesPerSecond: 5000,
  });
  expect(observerBytes(second(0))).toBe(49e6);
});

test('no time, no rate', () => {
  expect(costRate([], 4)).toBeNull();
  expect(costRate([{ ...second(0), toNs: 0 }], 4)).toBeNull();
});

test('downsampling keeps the mean', () => {
  const costs = Array.from({ length: 1000 }, (_, index) => second(index, (index % 10) * 1e6));
  const points = costSeries(costs, 4, 120);
  expect(points.length).toBeLessThanOrEqual(120);
  const weighted = points.reduce(
    (sum, point, i) => sum + point.agentPercent * (i === points.length - 1 ? 1000 - 9 * (points.length - 1) : 9),
    0,
  );
  expect(weighted / 1000).toBeCloseTo(0.45);
});

test('a record belongs to every range it overlaps', () => {
  const costs = [second(0), second(1), second(2)];
  expect(costsWithin(costs, 1e9, 2e9)).toEqual([second(1)]);
  expect(costsWithin(costs, 1.5e9, 2.5e9)).toEqual([second(1), second(2)]);
});
