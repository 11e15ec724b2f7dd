/**
 * Holds agent and loader under a CPU budget. Where rows come by the thousand all the time, the engine is told to optimize
 * the code for them; where that is not enough, the agent sends coarser windows. It never drops or guesses.
 * Pure: costs come in, a level comes out.
 */

/** Share of one CPU, averaged over PERIOD_NS. */
export const CPU_BUDGET = 0.05;
const NS_PER_S = 1e9;
const PERIOD_NS = 10_000_000_000;
/** Back to finer windows only well below the budget: otherwise it would swing. */
const CALM_SHARE = CPU_BUDGET / 2;
const CALM_PERIODS = 3;
/**
 * What makes a period one of work, and how much of it one after the other: more than any start takes. A profile of stacks
 * never has so many rows: its time goes into names, which are each read once, and its memory has a limit.
 */
const WORK_SHARE = 0.02;
const WORK_ROWS_PER_S = 1000;
const WORK_NS = 1_500_000_000;
const COMPILING_PERIODS = 1;

/** How long windows are collected before one is sent, per level. */
const HOLD_S = [0, 2, 5] as const;

export class Governor {
  /** The optimizing compiler is worth its memory. Once it is, it stays so: the memory is then taken. */
  isOptimizing = false;
  private workNs = 0;
  private compilingPeriods = COMPILING_PERIODS;
  private level = 0;
  private cpuNs = 0;
  private spanNs = 0;
  private rows = 0;
  private calmPeriods = 0;

  get holdMs(): number {
    return (HOLD_S[this.level] ?? 0) * 1000;
  }

  /** `rows`: that came from the loaders in this span. What changed, in words; null where nothing did. */
  add(cpuNs: number, spanNs: number, rows: number): string | null {
    this.cpuNs += cpuNs;
    this.spanNs += spanNs;
    this.rows += rows;
    if (this.spanNs < PERIOD_NS) return null;
    const share = this.cpuNs / this.spanNs;
    const mayGetBetter = this.leavesItToCompiler(share);
    this.cpuNs = this.spanNs = this.rows = 0;
    return mayGetBetter ? null : this.judge(share);
  }

  private leavesItToCompiler(share: number): boolean {
    if (this.isOptimizing) return this.compilingPeriods-- > 0;
    const isWork = share >= WORK_SHARE && this.rows >= (WORK_ROWS_PER_S * this.spanNs) / NS_PER_S;
    this.workNs = isWork ? this.workNs + this.cpuNs : 0;
    this.isOptimizing = this.workNs >= WORK_NS;
    return isWork;
  }

  private judge(share: number): string | null {
    this.calmPeriods = share < CALM_SHARE ? this.calmPeriods + 1 : 0;
    if (share > CPU_BUDGET && this.level < HOLD_S.length - 1) return this.change(this.level + 1, share);
    if (this.calmPeriods < CALM_PERIODS || this.level === 0) return null;
    this.calmPeriods = 0;
    return this.change(this.level - 1, share);
  }

  private change(level: number, share: number): string {
    this.level = level;
    const hold = HOLD_S[level] ?? 0;
    const what = hold === 0 ? 'as they come' : `every ${hold} s, merged; counts stay exact`;
    return `Sonde itself used ${(share * 100).toFixed(1)} % of one CPU: windows are sent ${what}`;
  }
}
