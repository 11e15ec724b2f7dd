import { useMemo, useState } from 'react';
import { CALLS_FOR_P99, stepOf } from '../../../remote-agent/protocol/statistics/index.ts';
import { type CallDiff, callDiffs, type CompareSide } from '../../derive/compare/index.ts';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatCount, formatNs, formatRate, formatShare } from '../../widgets/format.ts';
import { type DiffColumn, DiffTable } from './diff-table.tsx';
import { Outlines } from './outlines.tsx';
import { Pair, Shift } from './pair-cell.tsx';
import { ratioText } from './words.ts';

const ns = (value: number | null) => (value === null ? '–' : formatNs(value, 2));
const size = (ratio: number | null) => (ratio === null || ratio <= 0 ? Number.NaN : Math.abs(Math.log2(ratio)));

const COLUMNS: readonly DiffColumn<CallDiff>[] = [
  {
    id: 't-call',
    title: 'Call',
    width: 'minmax(96px, 1fr)',
    order: ({ call }) => call,
    cell: ({ call }) => call,
    full: ({ call }) => call,
  },
  {
    id: 't-process',
    title: 'Process',
    help: 'All processes of this name',
    width: 'minmax(96px, 1fr)',
    order: ({ process }) => process,
    cell: ({ process }) => <span className="grid-dim">{process}</span>,
    full: ({ process }) => process,
  },
  {
    id: 'n-shift',
    title: 'p99 shift',
    help: `After as a multiple of before; sorted by its size. Empty where one side has fewer than ${CALLS_FOR_P99} calls.`,
    width: '88px',
    order: ({ shift }) => size(shift.p99),
    cell: ({ shift }) => shift.p99 !== null && <Shift step={stepOf(shift.p99)} text={ratioText(shift.p99)} />,
  },
  {
    id: 'n-p50',
    title: 'p50',
    help: 'Right to within a power of two; sorted by the size of its shift',
    width: '142px',
    order: ({ shift }) => size(shift.p50),
    cell: ({ before, after }) => <Pair before={ns(before.p50Ns)} after={ns(after.p50Ns)} />,
  },
  {
    id: 'n-p90',
    title: 'p90',
    help: 'Right to within a power of two; sorted by the size of its shift',
    width: '142px',
    order: ({ shift }) => size(shift.p90),
    cell: ({ before, after }) => <Pair before={ns(before.p90Ns)} after={ns(after.p90Ns)} />,
  },
  {
    id: 'n-p99',
    title: 'p99',
    help: 'Right to within a power of two; sorted by what it is after',
    width: '142px',
    order: ({ after }) => after.p99Ns ?? Number.NaN,
    cell: ({ before, after }) => <Pair before={ns(before.p99Ns)} after={ns(after.p99Ns)} />,
  },
  {
    id: 'n-rate',
    title: 'Calls/s',
    width: '132px',
    order: ({ before, after }) => Math.abs(after.perSecond - before.perSecond),
    cell: ({ before, after }) => <Pair before={formatRate(before.perSecond)} after={formatRate(after.perSecond)} />,
  },
  {
    id: 'n-errors',
    title: 'Failed',
    help: 'Share of the calls that returned an error',
    width: '132px',
    order: ({ before, after }) => Math.abs(errorShare(after) - errorShare(before)),
    cell: ({ before, after }) => (
      <Pair before={formatShare(errorShare(before))} after={formatShare(errorShare(after))} />
    ),
  },
];

function errorShare({ errors, calls }: CallDiff['before']): number {
  return calls > 0 ? errors / calls : 0;
}

/** System calls of both sides, and how long the selected one took. */
export function CallsDiff({ before, after }: { readonly before: CompareSide; readonly after: CompareSide }) {
  const rows = useMemo(() => callDiffs(before, after), [before, after]);
  const [active, setActive] = useState<CallDiff | null>(null);
  if (!rows)
    return (
      <EmptyNote title="No system calls on both sides" note="The probe “System calls” has to be on in both of them." />
    );
  const shown = active && rows.includes(active) ? active : null;
  return (
    <div className="compare-pane compare-pane-chart">
      <div className="compare-bar">
        <span role="status">{formatCount(rows.length)} calls by process</span>
        <span className="compare-hint">Matched by name of the call and of the process</span>
      </div>
      <DiffTable
        label="System calls by shift"
        rows={rows}
        columns={COLUMNS}
        first={{ column: 'n-shift', direction: 'descending' }}
        active={shown}
        onActive={setActive}
      />
      <Outlines diff={shown} />
    </div>
  );
}
