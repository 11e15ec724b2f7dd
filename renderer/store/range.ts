import type { MonotonicNs } from '../../remote-agent/protocol/signal.ts';
import type { Selection, StoreSnapshot, WindowAxis } from './model.ts';

export interface RangeNs {
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
}

type Extent = Pick<StoreSnapshot, 'firstNs' | 'lastNs'>;

/** The part of the axis a selection means just now: "last" and "all" follow the newest data. Of several, from first to last. */
export function rangeOf(range: Selection['range'], { firstNs, lastNs }: Extent): RangeNs {
  switch (range.kind) {
    case 'last':
      return { fromNs: Math.max(firstNs, lastNs - range.seconds * 1e9), toNs: lastNs };
    case 'all':
      return { fromNs: firstNs, toNs: lastNs };
    case 'between':
      return { fromNs: range.fromNs, toNs: range.toNs };
    case 'several':
      return { fromNs: range.ranges[0]?.fromNs ?? 0, toNs: range.ranges.at(-1)?.toNs ?? 0 };
    default:
      return assertNever(range);
  }
}

/** Every part of the axis a selection means, in order. */
export function rangesOf(range: Selection['range'], extent: Extent): readonly RangeNs[] {
  return range.kind === 'several' ? range.ranges : [rangeOf(range, extent)];
}

/** Whether it stands still while data comes in. */
export function isFixed({ kind }: Selection['range']): boolean {
  return kind === 'between' || kind === 'several';
}

/** What selecting all of them means: ranges that touch or overlap are one. null where there is none. */
export function united(ranges: readonly RangeNs[]): Selection['range'] | null {
  const apart: RangeNs[] = [];
  for (const range of ranges.toSorted((a, b) => a.fromNs - b.fromNs)) {
    const last = apart.at(-1);
    if (last && range.fromNs <= last.toNs)
      apart[apart.length - 1] = { fromNs: last.fromNs, toNs: Math.max(last.toNs, range.toNs) };
    else apart.push(range);
  }
  const [first] = apart;
  if (!first) return null;
  return apart.length > 1 ? { kind: 'several', ranges: apart } : { kind: 'between', ...first };
}

/** The same stretch, standing still: what Pause makes of a selection. */
export function frozen(range: Selection['range'], extent: Extent): Selection['range'] {
  return { kind: 'between', ...rangeOf(range, extent) };
}

/** First and one-past-last window that overlap [fromNs, toNs); windows are in time order. */
export function windowsWithin(
  windows: Pick<WindowAxis, 'windowCount' | 'windowFromNs' | 'windowToNs'>,
  { fromNs, toNs }: RangeNs,
): { readonly first: number; readonly end: number } {
  const first = lowerBound(windows.windowToNs, windows.windowCount, fromNs, true);
  const end = lowerBound(windows.windowFromNs, windows.windowCount, toNs, false);
  return { first, end: Math.max(first, end) };
}

/** First index whose value is ≥ `at`, or > `at` where `beyond`. */
function lowerBound(sorted: Float64Array, count: number, at: number, beyond: boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (beyond ? value > at : value >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether any probe has something to show. */
export function hasWindows({ probes }: Pick<StoreSnapshot, 'probes'>): boolean {
  return [...probes.values()].some(({ windows }) => windows.windowCount > 0);
}

function assertNever(range: never): never {
  throw new Error(`unknown range ${JSON.stringify(range)}`);
}
