import { memo, useCallback, useMemo, useState } from 'react';
import {
  type Band,
  type CallGrouping,
  type Calls,
  groupProcess,
  RollingSparks,
  timeColumns,
} from '../../derive/calls/index.ts';
import { formatCount, formatNs, formatRate, formatShare } from '../../widgets/format.ts';
import { Grid } from '../../widgets/grid.tsx';
import { bucketText } from './bucket-text.ts';
import { columnsFor, nextSorting, type Sorting } from './columns.ts';
import { Sparkline } from '../../widgets/sparkline.tsx';
import type { Rows } from './use-rows.ts';

export interface CallsTableProps {
  readonly calls: Calls;
  readonly rows: Rows;
  readonly band: Band;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly onHold: (isHeld: boolean) => void;
  readonly picked: number | null;
  readonly onPick: (group: number) => void;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly copyText: (text: string) => void;
}

/** Points of a sparkline: as many as can be told apart. */
const SPARK_COLUMNS = 48;

const TITLES: Readonly<Record<CallGrouping, readonly [name: string, detail: string]>> = {
  'call-process': ['System call', 'Process'],
  call: ['System call', ''],
  process: ['Process', 'Container'],
  thread: ['Thread', 'Process'],
  container: ['Container', ''],
};

/** Every group of calls of the selection. The row chosen here is what the pictures show. */
export const CallsTable = memo(function CallsTable(props: CallsTableProps) {
  const { calls, rows, band, sorting, picked, onPick } = props;
  const [visible, setVisible] = useState<readonly number[]>([]);
  const showVisible = useCallback(
    (ids: readonly number[]) => setVisible((before) => (sameIds(before, ids) ? before : ids)),
    [],
  );
  const time = useMemo(() => timeColumns(calls.columns, calls.span, SPARK_COLUMNS), [calls.columns, calls.span]);
  const [sparks] = useState(() => new RollingSparks());
  const rates = useMemo(
    () => sparks.advance(calls.columns, calls.cells, calls.groups, visible, time, band),
    [sparks, calls.columns, calls.cells, calls.groups, visible, time, band],
  );
  const columns = useMemo(() => columnsFor(...TITLES[calls.groups.grouping]), [calls.groups.grouping]);
  const processOfRow = (group: number) => groupProcess(calls.groups, group, calls.tables);
  return (
    <Grid
      label="System calls"
      name="calls"
      columns={columns}
      sorting={sorting}
      onSort={(column) => props.onSort(nextSorting(sorting, column))}
      ids={rows.ids}
      active={picked}
      onActive={onPick}
      onHold={props.onHold}
      onVisible={showVisible}
      onKey={(event, group) => {
        if (group === null || event.ctrlKey || event.altKey || event.metaKey) return;
        const process = processOfRow(group);
        if (event.key === 'c') props.copyText(rows.names.of(group).join(' ').trim());
        else if (event.key === 'p' && process !== null) props.onProcess(process);
        else if (event.key === 'g' && process !== null) props.onOther(process);
      }}
      renderCells={(group) => (
        <>
          <Texts texts={rows.names.of(group)} />
          <Numbers calls={calls} group={group} rates={rates.get(group) ?? NO_RATES} />
        </>
      )}
    />
  );
});

const NO_RATES = new Float64Array(0);

function Texts({ texts: [name, detail] }: { readonly texts: readonly [string, string] }) {
  return (
    <>
      <div role="gridcell" className="calls-name grid-text" title={name}>
        {name}
      </div>
      <div role="gridcell" className="grid-text grid-dim" title={detail}>
        {detail}
      </div>
    </>
  );
}

interface NumbersProps {
  readonly calls: Calls;
  readonly group: number;
  readonly rates: Float64Array;
}

function Numbers({ calls: { table, coverage }, group, rates }: NumbersProps) {
  const { seconds } = coverage;
  const [calls, errors, totalNs] = [table.calls[group]!, table.errors[group]!, table.totalNs[group]!];
  const isTimed = !Number.isNaN(table.p50Ns[group]!);
  const peak = rates.reduce((most, rate) => Math.max(most, rate), 0);
  const share = totalNs / 1e9 / seconds;
  return (
    <>
      <div role="gridcell" className="calls-spark" title={`At most ${formatRate(peak)} calls/s`}>
        <Sparkline rates={rates} label={`Calls per second, at most ${formatRate(peak)}`} />
      </div>
      <NumberCell column="rate">{formatRate(calls / seconds)}</NumberCell>
      <NumberCell column="calls">{formatCount(calls)}</NumberCell>
      <NumberCell column="total">{isTimed ? formatNs(totalNs) : '–'}</NumberCell>
      <QuantileCell column="p50" ns={table.p50Ns[group]!} />
      <QuantileCell column="p90" ns={table.p90Ns[group]!} />
      <QuantileCell column="p99" ns={table.p99Ns[group]!} />
      <NumberCell column="max">{isTimed ? formatNs(table.longestNs[group]!) : '–'}</NumberCell>
      <NumberCell column="errors" title={`${formatCount(errors)} of ${formatCount(calls)} calls failed`}>
        {errors > 0 ? <span className="calls-failed">{formatRate(errors / seconds)}</span> : '0'}
      </NumberCell>
      <div
        role="gridcell"
        className="calls-share grid-number"
        title={`${formatNs(totalNs)} in ${formatNs(seconds * 1e9)}`}
      >
        <span className="calls-bar" style={{ width: `${Math.min(1, share) * 100}%` }} />
        <span className="calls-share-text">{isTimed ? wallShare(share) : '–'}</span>
      </div>
    </>
  );
}

function NumberCell({
  column,
  title,
  children,
}: {
  readonly column: string;
  readonly title?: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div role="gridcell" className={`calls-${column} grid-number`} title={title}>
      {children}
    </div>
  );
}

/** With the bucket it lies in as its tooltip: no more than that is known. */
function QuantileCell({ column, ns }: { readonly column: string; readonly ns: number }) {
  if (Number.isNaN(ns)) return <NumberCell column={column}>–</NumberCell>;
  return (
    <NumberCell column={column} title={`Between ${bucketText(ns)}`}>
      {formatNs(ns, 2)}
    </NumberCell>
  );
}

/** Many threads waiting side by side make more than the wall's time: that is no rounding error and stays visible. */
function wallShare(share: number): string {
  return share > 1 ? `${formatCount(share * 100)} %` : formatShare(share);
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
