import type { MonotonicNs } from '../../remote-agent/protocol/signal.ts';
import type { Selection, StoreSnapshot, WindowAxis } from './model.ts';

export interface RangeNs {
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
}

type Extent = Pick<StoreSnapshot, 'firstNs' | 'lastNs'>;

/** The part of the axis a selection means just now: "last" and "all" follow the newest data. */
export function rangeOf(range: Selection['range'], { firstNs, lastNs }: Extent): RangeNs {
  switch (range.kind) {
    case 'last':
      return { fromNs: Math.max(firstNs, lastNs - range.seconds * 1e9), toNs: lastNs };
    case 'all':
      return { fromNs: firstNs, toNs: lastNs };
    case 'between':
      return { fromNs: range.fromNs, toNs: range.toNs };
    default:
      return assertNever(range);
  }
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
