import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  adjusted,
  changeOf,
  comparisonNotes,
  latencyShift,
  pOfRates,
  pOfShares,
  shiftSize,
  type SideFacts,
  stepOf,
} from '../../../remote-agent/protocol/statistics/index.ts';

const counts = fc.integer({ min: 0, max: 100_000 });

describe('whether a change is chance', () => {
  // By hand: G = 2 Σ O ln(O/E), tail of chi² with one degree of freedom.
  test.each([
    [10, 100, 20, 100, 0.0459],
    [100, 1000, 200, 1000, 2.6e-10],
    [30, 100, 30, 100, 1],
    [0, 50, 5, 50, 0.00731],
  ])('%d of %d, then %d of %d', (before, allBefore, after, allAfter, p) => {
    expect(pOfShares(before, allBefore, after, allAfter) / p).toBeCloseTo(1, 1);
  });

  test('rates: 10 and 20 in the same time may be chance, 1,000 and 1,200 are not', () => {
    expect(pOfRates(10, 1, 20, 1)).toBeCloseTo(0.0653, 3);
    expect(pOfRates(1000, 1, 1200, 1)).toBeLessThan(1e-4);
    expect(pOfRates(1000, 1, 2000, 2)).toBe(1);
  });

  test('is a probability, and the same from either side', () => {
    fc.assert(
      fc.property(counts, counts, counts, counts, (a, moreA, b, moreB) => {
        const p = pOfShares(a, a + moreA, b, b + moreB);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(pOfShares(b, b + moreB, a, a + moreA)).toBeCloseTo(p, 3);
        expect(pOfRates(a, moreA, b, moreB)).toBeCloseTo(pOfRates(b, moreB, a, moreA), 3);
      }),
    );
  });

  /** Of a test that is right, one in a hundred is below 0.01 where nothing differs. */
  test('where nothing differs, p below 0.05 is about as rare as it says', () => {
    let seed = 42;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const draw = () => Array.from({ length: 400 }, random).filter((value) => value < 0.2).length;
    const below = Array.from({ length: 2000 }, () => pOfShares(draw(), 400, draw(), 400)).filter((p) => p < 0.05);
    expect(below.length / 2000).toBeGreaterThan(0.03);
    expect(below.length / 2000).toBeLessThan(0.07);
  });

  test('many tests at once: Benjamini and Hochberg', () => {
    expect([...adjusted([0.01, 0.04, 0.03, 0.005])].map((q) => Number(q.toFixed(6)))).toEqual([0.02, 0.04, 0.04, 0.02]);
    expect([...adjusted([])]).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (p) => {
        const q = adjusted(p);
        p.forEach((each, at) => expect(q[at]).toBeGreaterThanOrEqual(each - 1e-12));
      }),
    );
  });
});

describe('change', () => {
  test('of a share, of time, of a total', () => {
    expect(changeOf(10, 20, { by: 'samples', before: 100, after: 100 })).toMatchObject({
      before: 0.1,
      after: 0.2,
      ratio: 2,
    });
    const time = changeOf(100, 100, { by: 'time', before: 1000, after: 500 });
    expect(time).toMatchObject({ before: 0.1, after: 0.2, ratio: 2 });
    expect(time.p).toBeLessThan(0.001);
  });

  test('swapped it is the opposite; with itself it is nothing', () => {
    fc.assert(
      fc.property(counts, counts, fc.constantFrom('samples', 'time', 'total'), (a, b, by) => {
        const all = 200_000;
        const there = changeOf(a, b, { by, before: all, after: 2 * all });
        const back = changeOf(b, a, { by, before: 2 * all, after: all });
        expect(back.points).toBeCloseTo(-there.points, 12);
        expect(back.p).toBeCloseTo(there.p, 3);
        expect(stepOf(back.ratio) + stepOf(there.ratio)).toBe(0);
        expect(changeOf(a, a, { by, before: all, after: all })).toMatchObject({ points: 0, p: 1 });
      }),
    );
  });

  test('steps', () => {
    const ratios = [0, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1.05, 1.2, 1.6, 3, 5, Number.POSITIVE_INFINITY, Number.NaN];
    expect(ratios.map(stepOf).map((step) => step + 0)).toEqual([-4, -4, -3, -2, -1, 0, 0, 0, 1, 2, 3, 4, 4, 0]);
  });
});

describe('latency shift', () => {
  const marks = (known: number, ns: number) => ({ known, p50Ns: ns, p90Ns: 2 * ns, p99Ns: 4 * ns });

  test('says nothing of a quantile that too few calls reach', () => {
    expect(latencyShift(marks(1000, 10), marks(1000, 20))).toEqual({ p50: 2, p90: 2, p99: 2 });
    expect(latencyShift(marks(99, 10), marks(1000, 20))).toEqual({ p50: 2, p90: 2, p99: null });
    expect(latencyShift(marks(1, 10), marks(1000, 20))).toEqual({ p50: null, p90: null, p99: null });
  });

  test('is as large whichever way it went', () => {
    expect(shiftSize({ p50: null, p90: null, p99: 4 })).toBe(2);
    expect(shiftSize({ p50: null, p90: null, p99: 0.25 })).toBe(2);
    expect(shiftSize({ p50: 3, p90: 3, p99: null })).toBe(0);
  });
});

describe('whether two sides can be compared', () => {
  const side: SideFacts = {
    hostname: 'a',
    machine: 'aarch64',
    kernel: '6.1',
    cpu: 'Cortex-A72',
    onlineCpus: 4,
    hz: 99,
    seconds: 60,
    lostShare: 0,
    incompleteStackShare: 0,
    observerShare: 0.01,
    samples: 5000,
    buildIds: new Map([['libc.so.6', new Set(['aa'])]]),
    probes: ['CPU profile'],
  };

  test('nothing to say of a thing and itself', () => {
    expect(comparisonNotes(side, side)).toEqual([]);
  });

  test.each<[Partial<SideFacts>, string, string]>([
    [{ machine: 'x86_64' }, 'wrong', 'Machine: aarch64 → x86_64'],
    [{ lostShare: 0.3 }, 'wrong', 'Lost: 0.0 % → 30 %'],
    [{ lostShare: 0.05 }, 'careful', 'Lost: 0.0 % → 5.0 %'],
    [{ kernel: '6.6' }, 'careful', 'Kernel: 6.1 → 6.6'],
    [{ cpu: 'N100' }, 'careful', 'CPU: Cortex-A72 → N100'],
    [{ onlineCpus: 2 }, 'careful', 'CPUs online: 4 → 2'],
    [{ hz: 49 }, 'careful', 'Sampling rate: 99 Hz → 49 Hz'],
    [{ seconds: 600 }, 'careful', 'Length: 60 s → 10 min'],
    [{ samples: 12 }, 'careful', 'Few samples: 5000 → 12'],
    [{ observerShare: 0.2 }, 'careful', 'Cost of observing: 1.0 % → 20 % of one CPU'],
    [{ incompleteStackShare: 0.5 }, 'careful', 'Stacks cut short: 0.0 % → 50 %'],
    [{ hostname: 'b' }, 'hint', 'Device: a → b'],
    [{ buildIds: new Map([['libc.so.6', new Set(['bb'])]]) }, 'hint', 'Other builds: libc.so.6'],
    [{ probes: [] }, 'hint', 'Only before: CPU profile'],
  ])('%o', (other, weight, what) => {
    expect(comparisonNotes(side, { ...side, ...other })).toMatchObject([{ weight, what }]);
  });

  test('what is not known is no difference, and the gravest comes first', () => {
    expect(comparisonNotes(side, { ...side, hostname: '', cpu: '', hz: null, observerShare: null })).toEqual([]);
    const notes = comparisonNotes(side, { ...side, hostname: 'b', kernel: '6.6', machine: 'x86_64' });
    expect(notes.map(({ weight }) => weight)).toEqual(['wrong', 'careful', 'hint']);
  });
});
