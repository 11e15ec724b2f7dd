/** Small arithmetic, and figures as people read them. */

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('no values to take the median of');
  return (upper + lower) / 2;
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
export const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
export const mebibytes = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
/** How many times as much as ours: "12×", "0.8×". */
export const times = (theirs: number, ours: number): string => {
  const ratio = theirs / ours;
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;
};
