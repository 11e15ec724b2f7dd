import { describe, expect, it } from 'vitest';
import { Governor } from '../../../remote-agent/agent/self/governor.ts';

describe('the governor', () => {
  const tenSeconds = (governor: Governor, share: number, rowsPerSecond = 2000) =>
    Array.from({ length: 5 }, () => governor.add(share * 2e9, 2e9, rowsPerSecond * 2)).filter(Boolean);

  /** As it is once the engine optimizes: 1.5 s of work, and a period in which it compiles. */
  function optimized(): Governor {
    const governor = new Governor();
    expect([0.2, 0.5].flatMap((share) => tenSeconds(governor, share))).toEqual([]);
    expect([governor.isOptimizing, governor.holdMs]).toEqual([true, 0]);
    return governor;
  }

  it('lets the engine optimize where there is work all the time, and not for a start', () => {
    const governor = new Governor();
    expect([0.14, 0.01, 0.1, 0.04].flatMap((share) => tenSeconds(governor, share))).toEqual([]);
    expect([governor.isOptimizing, governor.holdMs]).toEqual([false, 0]);
    tenSeconds(governor, 0.04);
    expect([governor.isOptimizing, governor.holdMs]).toEqual([true, 0]);
    tenSeconds(governor, 0);
    expect(governor.isOptimizing).toBe(true);
  });

  it('leaves the compiler out where rows are few: its memory would buy nothing', () => {
    const governor = new Governor();
    expect([0.04, 0.04, 0.04, 0.04, 0.04, 0.04].flatMap((share) => tenSeconds(governor, share, 800))).toEqual([]);
    expect(tenSeconds(governor, 0.3, 800)).toHaveLength(1);
    expect([governor.isOptimizing, governor.holdMs]).toEqual([false, 2000]);
  });

  it('makes windows coarser over the budget, and finer again when it has been calm for a while', () => {
    const governor = optimized();
    expect(tenSeconds(governor, 0.04)).toEqual([]);
    expect(governor.holdMs).toBe(0);
    expect(tenSeconds(governor, 0.08)).toEqual([
      'Sonde itself used 8.0 % of one CPU: windows are sent every 2 s, merged; counts stay exact',
    ]);
    expect(governor.holdMs).toBe(2000);
    expect(tenSeconds(governor, 0.06)).toHaveLength(1);
    expect(governor.holdMs).toBe(5000);
    expect(tenSeconds(governor, 0.5)).toEqual([]);
    expect([tenSeconds(governor, 0.01), tenSeconds(governor, 0.01)]).toEqual([[], []]);
    expect(tenSeconds(governor, 0.01)).toHaveLength(1);
    expect(governor.holdMs).toBe(2000);
    expect([0.01, 0.04, 0.01, 0.01].flatMap((share) => tenSeconds(governor, share))).toEqual([]);
    expect(tenSeconds(governor, 0.01)[0]).toContain('as they come');
    expect(governor.holdMs).toBe(0);
  });
});
