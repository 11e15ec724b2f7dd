import { useMemo, useState } from 'react';
import type { FlowDiff } from '../../../remote-agent/protocol/statistics/index.ts';
import { type CompareSide, flowDiffs, type FlowOwner } from '../../derive/compare/index.ts';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatBytesPerSecond, formatCount, formatNs, formatShare } from '../../widgets/format.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { type DiffColumn, DiffTable } from './diff-table.tsx';
import { Pair } from './pair-cell.tsx';

const OWNERS = [
  { value: 'process', text: 'By process' },
  { value: 'remote', text: 'By remote' },
] as const;

const ns = (value: number | null) => (value === null ? '–' : formatNs(value, 2));
const moved = (of: (side: FlowDiff['before']) => number) => (row: FlowDiff) => Math.abs(of(row.after) - of(row.before));

const COLUMNS: readonly DiffColumn<FlowDiff>[] = [
  {
    id: 't-who',
    title: 'Whose',
    width: 'minmax(0, 1fr)',
    order: ({ who }) => who,
    cell: ({ who, name }) => (
      <>
        {who} <span className="grid-dim">{name}</span>
      </>
    ),
    full: ({ who, name }) => `${who} ${name}`.trim(),
  },
  {
    id: 'n-sent',
    title: 'Sent',
    help: 'Payload per second; sorted by the change',
    width: '178px',
    order: moved(({ sentPerSecond }) => sentPerSecond),
    cell: ({ before, after }) => (
      <Pair before={formatBytesPerSecond(before.sentPerSecond)} after={formatBytesPerSecond(after.sentPerSecond)} />
    ),
  },
  {
    id: 'n-received',
    title: 'Received',
    help: 'Payload per second; sorted by the change',
    width: '178px',
    order: moved(({ receivedPerSecond }) => receivedPerSecond),
    cell: ({ before, after }) => (
      <Pair
        before={formatBytesPerSecond(before.receivedPerSecond)}
        after={formatBytesPerSecond(after.receivedPerSecond)}
      />
    ),
  },
  {
    id: 'n-retransmits',
    title: 'Retransmits',
    help: 'Share of the packets sent; sorted by the change',
    width: '150px',
    order: moved(({ retransmitShare }) => retransmitShare),
    cell: ({ before, after }) => (
      <Pair before={formatShare(before.retransmitShare)} after={formatShare(after.retransmitShare)} />
    ),
  },
  {
    id: 'n-rtt',
    title: 'RTT',
    help: 'Of the slowest flow; sorted by the change',
    width: '142px',
    order: ({ before, after }) => Math.abs((after.rttNs ?? Number.NaN) - (before.rttNs ?? Number.NaN)),
    cell: ({ before, after }) => <Pair before={ns(before.rttNs)} after={ns(after.rttNs)} />,
  },
  {
    id: 'n-flows',
    title: 'Flows',
    width: '110px',
    order: moved(({ flows }) => flows),
    cell: ({ before, after }) => <Pair before={formatCount(before.flows)} after={formatCount(after.flows)} />,
  },
];

/** Traffic of both sides, without Sonde's own. */
export function NetworkDiff({ before, after }: { readonly before: CompareSide; readonly after: CompareSide }) {
  const [by, setBy] = useState<FlowOwner>('process');
  const [active, setActive] = useState<FlowDiff | null>(null);
  const rows = useMemo(() => flowDiffs(before, after, by), [before, after, by]);
  if (!rows)
    return (
      <EmptyNote
        title="No network flows on both sides"
        note="The probe “Network flows” has to be on in both of them."
      />
    );
  return (
    <div className="compare-pane">
      <div className="compare-bar">
        <Segmented label="Group" options={OWNERS} value={by} onChange={setBy} />
        <span role="status">
          {formatCount(rows.length)} {by === 'process' ? 'processes' : 'addresses'}
        </span>
        <span className="compare-hint">Before → after, per second of each side; without Sonde's own connection</span>
      </div>
      <DiffTable
        key={by}
        label="Network by change"
        rows={rows}
        columns={COLUMNS}
        first={{ column: 'n-received', direction: 'descending' }}
        active={active}
        onActive={setActive}
      />
    </div>
  );
}
