/** Half of the axis's top is a mark too, so tops are numbers whose half is short. */
const STEPS = [1, 2, 4, 6, 8, 10];

export interface ValueAxis {
  readonly domain: [number, number];
  readonly ticks: number[];
}

/**
 * An axis from 0 to a round number that is not below `highest` nor `atLeast`, marked at both ends and in the middle.
 * recharts can find ticks itself, with decimal arithmetic that costs more than the rest of a small chart.
 */
export function valueAxis(highest: number, atLeast: number): ValueAxis {
  const wanted = Math.max(highest, atLeast, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const top = (STEPS.find((step) => step * power >= wanted * (1 - 1e-9)) ?? 10) * power;
  return { domain: [0, top], ticks: [0, top / 2, top] };
}
