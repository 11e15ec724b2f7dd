import { csvLine } from '../csv.ts';
import type { Names } from '../names.ts';
import type { FunctionCosts, FunctionDiff } from './function-diffs.ts';

/** RFC 4180, in the given order of functions. */
export function functionDiffsCsv(
  ids: readonly number[],
  { before, after }: FunctionCosts,
  self: ReadonlyMap<number, FunctionDiff>,
  total: ReadonlyMap<number, FunctionDiff>,
  names: Names,
): string {
  const head =
    'function,module,self samples before,self samples after,self % before,self % after,self change,self q,' +
    'total samples before,total samples after,total % before,total % after,total change,total q';
  const numbers = (diff: FunctionDiff | undefined) => {
    const { change, q } = diff ?? NONE;
    return [percent(change.before), percent(change.after), percent(change.points), Number(q.toPrecision(3))];
  };
  const rows = ids.map((id) =>
    csvLine([
      names.name(id),
      names.modulePath(id),
      before.self[id] ?? 0,
      after.self[id] ?? 0,
      ...numbers(self.get(id)),
      before.total[id] ?? 0,
      after.total[id] ?? 0,
      ...numbers(total.get(id)),
    ]),
  );
  return [head, ...rows, ''].join('\r\n');
}

const NONE: FunctionDiff = { change: { before: 0, after: 0, points: 0, ratio: Number.NaN, p: 1 }, q: 1 };

function percent(share: number): number {
  return Number((share * 100).toFixed(3));
}
