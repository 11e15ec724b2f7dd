import type { Series } from '../../../renderer/store/index.ts';

export const S = 1e9;

/** A series from points in seconds: [from, to, total]. */
export function seriesFrom(points: readonly (readonly [number, number, number])[], id: Series['id'] = 'calls'): Series {
  return {
    id,
    count: points.length,
    fromNs: Float64Array.from(points, ([from]) => from * S),
    toNs: Float64Array.from(points, ([, to]) => to * S),
    value: Float64Array.from(points, ([, , total]) => total),
  };
}
