/** Tables of system calls as rows. */
import {
  errnoMeaning,
  errnoName,
  type ProcessDef,
  syscallName,
  syscallTableOf,
} from '../../../remote-agent/protocol/index.ts';
import type { Column } from '../rows/column.ts';
import type { CallStats } from './call-stats.ts';
import type { CallEntry } from './call-table.ts';
import type { Tables } from '../tables.ts';

/** A process and a call. */
export interface CallRow {
  /** Id in the tables: tells processes apart that had the same pid one after the other. */
  readonly process: number;
  readonly who: ProcessDef | undefined;
  readonly code: number;
  readonly stats: CallStats;
}

/** And an error. */
export interface ErrorRow extends CallRow {
  readonly errno: number;
}

const KEY: readonly Column<CallRow>[] = [
  { name: 'process', help: 'number of the process in this file; a pid may be used twice', cell: (row) => row.process },
  { name: 'pid', help: 'process id', cell: ({ who }) => who?.pid ?? null },
  { name: 'comm', isText: true, help: 'name of the process', cell: ({ who }) => who?.comm ?? '' },
  {
    name: 'container',
    isText: true,
    help: 'name or short id of the container, empty on the host',
    cell: ({ who }) => who?.container ?? '',
  },
  {
    name: 'container_id',
    isText: true,
    help: 'short id of the container, where its name is known',
    cell: ({ who }) => who?.containerId ?? '',
  },
  { name: 'unit', isText: true, help: 'systemd unit, if any', cell: ({ who }) => who?.unit ?? '' },
  {
    name: 'call',
    isText: true,
    help: 'system call, or #NUMBER (ABI) where its name is not known',
    cell: ({ code }) => syscallName(code),
  },
  {
    name: 'abi',
    isText: true,
    help: 'whose numbering of calls it uses',
    cell: ({ code }) => syscallTableOf(code)?.name ?? '',
  },
];
const COUNT: Column<CallRow> = {
  name: 'count',
  unit: 'calls',
  help: 'calls that returned',
  cell: ({ stats }) => stats.calls,
};
const TIMES: readonly Column<CallRow>[] = [
  {
    name: 'untimed',
    unit: 'calls',
    help: 'of count: begun before the recording, duration not known',
    cell: ({ stats }) => stats.untimed,
  },
  { name: 'total_ns', unit: 'ns', help: 'time between entry and return, added up', cell: ({ stats }) => stats.totalNs },
  ...[0.5, 0.9, 0.99].map(
    (q): Column<CallRow> => ({
      name: `p${Math.round(q * 100)}_ns`,
      unit: 'ns',
      help: `${Math.round(q * 100)} % of the calls took no longer, within a power of two`,
      cell: ({ stats }) => stats.quantileNs(q),
    }),
  ),
  { name: 'max_ns', unit: 'ns', help: 'the longest, exact', cell: ({ stats }) => stats.maxNs },
];

export const CALL_COLUMNS: readonly Column<CallRow>[] = [
  ...KEY,
  COUNT,
  { name: 'errors', unit: 'calls', help: 'of count: returned an error', cell: ({ stats }) => stats.failed },
  ...TIMES,
];

export const ERROR_COLUMNS: readonly Column<ErrorRow>[] = [
  ...KEY,
  { name: 'errno', isText: true, help: 'error, such as ECONNREFUSED', cell: ({ errno }) => errnoName(errno) },
  { name: 'errno_number', help: 'its number', cell: ({ errno }) => errno },
  { name: 'meaning', isText: true, help: 'its meaning', cell: ({ errno }) => errnoMeaning(errno) },
  COUNT,
  ...TIMES,
];

/** By pid, process and call, so that two exports can be compared. */
export function callRows(entries: readonly CallEntry[], tables: Tables): CallRow[] {
  return entries
    .map(({ process, code, stats }) => ({ process, who: tables.processes[process], code, stats }))
    .toSorted(inOrder);
}

export function errorRows(entries: readonly CallEntry[], tables: Tables): ErrorRow[] {
  return entries
    .flatMap(({ process, code, errors }) =>
      [...errors].map(([errno, stats]) => ({ process, who: tables.processes[process], code, stats, errno })),
    )
    .toSorted((a, b) => inOrder(a, b) || a.errno - b.errno);
}

function inOrder(a: CallRow, b: CallRow): number {
  return (a.who?.pid ?? 0) - (b.who?.pid ?? 0) || a.process - b.process || a.code - b.code;
}
