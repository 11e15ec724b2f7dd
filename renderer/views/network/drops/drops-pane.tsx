import { useMemo, useState } from 'react';
import { DROP_PLACES, dropCauseMeaning, type DropPlace } from '../../../../remote-agent/protocol/network/index.ts';
import { DropIds, type DropRow, dropRows } from '../../../derive/flows/drops/drops.ts';
import { coverageOf } from '../../../derive/index.ts';
import { type RangeNs, windowsWithin } from '../../../store/index.ts';
import { EmptyNote } from '../../../widgets/empty-note.tsx';
import { formatCount, formatDuration, formatRate } from '../../../widgets/format.ts';
import { Grid, type GridColumn, type GridSorting } from '../../../widgets/grid.tsx';
import { Sparkline } from '../../../widgets/sparkline.tsx';
import type { EventsDesk } from '../../events-desk.ts';
import { ProbeOffer, ProbeSwitch } from '../probe-offer.tsx';
import './drops.css';

export interface DropsPaneProps {
  readonly desk: EventsDesk;
  readonly range: RangeNs;
  readonly copyText: (text: string) => void;
}

type Column = 'where' | 'cause' | 'spark' | 'rate' | 'packets';
const COLUMNS: readonly GridColumn<Column>[] = [
  { id: 'where', title: 'Counted at' },
  { id: 'cause', title: 'Cause', help: 'As the kernel names it' },
  { id: 'spark', title: 'Packets/s over time', sorts: false, help: 'Each row on a scale of its own' },
  { id: 'rate', title: 'Packets/s' },
  { id: 'packets', title: 'Packets' },
];

/** Packets that the box dropped, by why. */
export function DropsPane({ desk, range, copyText }: DropsPaneProps) {
  const { windows } = desk;
  const [ids] = useState(() => new DropIds());
  const [sorting, setSorting] = useState<GridSorting<Column>>({ column: 'packets', direction: 'descending' });
  const [picked, setPicked] = useState<number | null>(null);
  const { first, end } = windowsWithin(windows, range);
  const { seconds } = useMemo(() => coverageOf(windows, { first, end }), [windows, first, end]);
  const rows = useMemo(() => dropRows(windows, { first, end }, ids), [windows, first, end, ids]);
  const sorted = useMemo(() => sortDrops(rows, sorting), [rows, sorting]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  if (windows.windowCount === 0) return <ProbeOffer desk={desk} />;
  return (
    <div className="drops-pane">
      <div className="net-bar">
        <p className="net-coverage">
          {formatDuration(seconds)} watched
          <span>One packet may be counted at several of these places; sums would count it twice.</span>
        </p>
        <ProbeSwitch desk={desk} />
      </div>
      {rows.length === 0 ? (
        <EmptyNote title={seconds > 0 ? 'No packet was dropped in this range' : 'Nothing was watched in this range'} />
      ) : (
        <Grid
          label="Dropped packets"
          name="drops"
          columns={COLUMNS}
          sorting={sorting}
          onSort={(column) => setSorting(nextSorting(sorting, column))}
          ids={sorted}
          active={picked}
          onActive={setPicked}
          onHold={nothing}
          onKey={(event, id) => {
            const row = id === null ? undefined : byId.get(id);
            if (row && event.key === 'c' && !event.ctrlKey && !event.metaKey) copyText(`${row.cause} ${row.packets}`);
          }}
          renderCells={(id) => {
            const row = byId.get(id);
            return row ? <DropCells row={row} seconds={seconds} /> : null;
          }}
        />
      )}
    </div>
  );
}

const nothing = () => undefined;

function DropCells({ row, seconds }: { readonly row: DropRow; readonly seconds: number }) {
  const place = DROP_PLACES[row.where as DropPlace];
  const peak = row.rates.reduce((most, rate) => Math.max(most, rate), 0);
  const meaning = dropCauseMeaning(row.cause);
  return (
    <>
      <div role="gridcell" className="grid-text grid-dim" title={place?.description}>
        {place?.title ?? `place ${row.where}`}
      </div>
      <div role="gridcell" className="drops-name grid-text" title={meaning || row.cause}>
        {row.cause}
        {meaning && <span className="drops-meaning grid-dim">{meaning}</span>}
      </div>
      <div role="gridcell" className="drops-spark" title={`At most ${formatRate(peak)} packets/s`}>
        <Sparkline rates={row.rates} label={`Packets per second, at most ${formatRate(peak)}`} />
      </div>
      <div role="gridcell" className="grid-number">
        {formatRate(row.packets / seconds)}
      </div>
      <div role="gridcell" className="grid-number">
        {formatCount(row.packets)}
      </div>
    </>
  );
}

function nextSorting(now: GridSorting<Column>, column: Column): GridSorting<Column> {
  const isText = column === 'where' || column === 'cause';
  if (now.column !== column) return { column, direction: isText ? 'ascending' : 'descending' };
  return { column, direction: now.direction === 'ascending' ? 'descending' : 'ascending' };
}

function sortDrops(rows: readonly DropRow[], { column, direction }: GridSorting<Column>): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const byCause = (a: DropRow, b: DropRow) => (a.cause < b.cause ? -1 : a.cause > b.cause ? 1 : a.id - b.id);
  const order: Readonly<Record<Column, (a: DropRow, b: DropRow) => number>> = {
    where: (a, b) => a.where - b.where,
    cause: byCause,
    spark: () => 0,
    rate: (a, b) => a.packets - b.packets,
    packets: (a, b) => a.packets - b.packets,
  };
  return rows.toSorted((a, b) => sign * order[column](a, b) || byCause(a, b)).map(({ id }) => id);
}
