import type { AmountUnit } from './fields.ts';

/** low ≤ x ≤ high, or strictly where the edge does not belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly isLowOpen: boolean;
  readonly isHighOpen: boolean;
}

export function isWithin({ low, high, isLowOpen, isHighOpen }: Interval, value: number): boolean {
  return (isLowOpen ? value > low : value >= low) && (isHighOpen ? value < high : value <= high);
}

/** Decimal, as everywhere in the window; the binary ones for those who write them. */
const BYTE_FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
/** A bare time is in milliseconds: that is what round trips are told in. */
const TIME_FACTORS: Readonly<Record<string, number>> = {
  '': 1e6,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
};
const COUNT_FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 };

const FACTORS: Readonly<Record<AmountUnit, Readonly<Record<string, number>>>> = {
  bytes: BYTE_FACTORS,
  ns: TIME_FACTORS,
  count: COUNT_FACTORS,
};
const EXAMPLES: Readonly<Record<AmountUnit, string>> = { bytes: '>1MB', ns: '>50ms', count: '>0' };

const COMPARISON = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)([a-zµμ]*)$/i;
const RANGE = /^(\d+(?:\.\d+)?[a-zµμ]*)(?:\.\.|-)(\d+(?:\.\d+)?[a-zµμ]*)$/i;

/** ">50ms" and "10ms..1s" as numbers in ns, bytes or a count; a sentence where it is neither. */
export function parseAmount(text: string, unit: AmountUnit): Interval | string {
  const range = RANGE.exec(text);
  if (range) {
    const [low, high] = [parseAmount(`=${range[1]}`, unit), parseAmount(`=${range[2]}`, unit)];
    if (typeof low === 'string') return low;
    if (typeof high === 'string') return high;
    return { low: low.low, high: high.low, isLowOpen: false, isHighOpen: false };
  }
  const parts = COMPARISON.exec(text);
  if (!parts) return `write it as ${EXAMPLES[unit]}`;
  const factor = FACTORS[unit][parts[3]!.toLowerCase()];
  if (factor === undefined) {
    const known = Object.keys(FACTORS[unit]).filter((each) => each !== '' && each !== 'μs');
    return `“${parts[3]}” is no unit here: ${known.join(', ')}`;
  }
  return intervalOf(parts[1] ?? '=', Number(parts[2]) * factor);
}

function intervalOf(comparison: string, value: number): Interval {
  const everything = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  switch (comparison) {
    case '>':
      return { ...everything, low: value, isLowOpen: true, isHighOpen: false };
    case '>=':
      return { ...everything, low: value, isLowOpen: false, isHighOpen: false };
    case '<':
      return { ...everything, high: value, isLowOpen: false, isHighOpen: true };
    case '<=':
      return { ...everything, high: value, isLowOpen: false, isHighOpen: false };
    default:
      return { low: value, high: value, isLowOpen: false, isHighOpen: false };
  }
}

/** "1883" and "8000-8099". */
export function parsePort(text: string): Interval | string {
  const [low, high = low, ...rest] = text.split('-');
  const isPort = (each: string | undefined) => each !== undefined && /^\d{1,5}$/.test(each) && Number(each) <= 65_535;
  if (!isPort(low) || !isPort(high) || rest.length > 0) return 'a port is a number up to 65535, or two with “-”';
  return { low: Number(low), high: Number(high), isLowOpen: false, isHighOpen: false };
}
