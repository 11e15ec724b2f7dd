import type { Tables } from '../../store/model.ts';
import { processOf } from '../owners.ts';
import { PairTable } from '../pair-table.ts';
import { type Band, inBand } from './band.ts';
import { bucketOf, errnoOf, type Cells } from './cell-index.ts';
import type { CellSums } from './cell-sums.ts';
import { type Groups, NO_GROUP } from './groups.ts';

export interface ErrorRow {
  /** The same for the same call, process and error, as long as one index gives them. */
  readonly id: number;
  readonly call: number;
  readonly process: number;
  readonly errno: number;
  /** That ended with this error. */
  readonly calls: number;
  /** Of this call by this process, however it ended. */
  readonly ofCalls: number;
}

/** Gives failures numbers that stay: rows are held and chosen by them. */
export class ErrorIds {
  /** (call, process) */
  readonly callers = new PairTable(256);
  /** (caller, errno) */
  readonly failures = new PairTable(256);
}

/** Failed calls by call, process and error, of whatever passed the filter. Most frequent first. */
export function errorRows(
  { callers, failures }: ErrorIds,
  cells: Cells,
  sums: CellSums,
  groups: Groups,
  tables: Tables,
  band: Band,
): ErrorRow[] {
  // By number; those of other ranges have one too, and no calls here.
  const ofCalls = new Map<number, number>();
  const calls = new Map<number, number>();
  for (let cell = 0; cell < sums.count; cell++) {
    const pair = cells.pair[cell]!;
    const counted = sums.calls[cell]!;
    if (counted === 0 || groups.ofPair[pair] === NO_GROUP || !inBand(band, bucketOf(cells.outcome[cell]!))) continue;
    const caller = callers.intern(cells.call[pair]!, processOf(tables, cells.thread[pair]!));
    ofCalls.set(caller, (ofCalls.get(caller) ?? 0) + counted);
    const errno = errnoOf(cells.outcome[cell]!);
    if (errno === 0) continue;
    const failure = failures.intern(caller, errno);
    calls.set(failure, (calls.get(failure) ?? 0) + counted);
  }
  return [...calls]
    .map(([failure, counted]) => {
      const caller = failures.first[failure]!;
      return {
        id: failure,
        call: callers.first[caller]!,
        process: callers.second[caller]!,
        errno: failures.second[failure]!,
        calls: counted,
        ofCalls: ofCalls.get(caller)!,
      };
    })
    .sort((a, b) => b.calls - a.calls || a.call - b.call || a.process - b.process || a.errno - b.errno);
}
