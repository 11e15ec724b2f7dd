import { memo, useMemo, useState } from 'react';
import { errnoMeaning, errnoName } from '../../../remote-agent/protocol/syscalls/index.ts';
import { type Band, type Calls, callName, ErrorIds, type ErrorRow, errorRows } from '../../derive/calls/index.ts';
import { parseSearch, processName } from '../../derive/index.ts';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatCount, formatRate, formatShare } from '../../widgets/format.ts';
import { Grid } from '../../widgets/grid.tsx';
import { HeldOrder } from '../../widgets/held-order.ts';
import { matchesAny } from './matches-any.ts';
import { ERROR_COLUMNS, type ErrorSorting, type ErrorTexts, nextErrorSorting, sortErrors } from './error-columns.ts';

export interface ErrorsTableProps {
  readonly calls: Calls;
  readonly band: Band;
  readonly search: string;
  readonly live: boolean;
  readonly onProcess: (process: number) => void;
  readonly copyText: (text: string) => void;
}

/** "connect → ECONNREFUSED, Connection refused, mosquitto (412), 210/s" */
export const ErrorsTable = memo(function ErrorsTable(props: ErrorsTableProps) {
  const { calls, band, search, live, onProcess, copyText } = props;
  const [sorting, setSorting] = useState<ErrorSorting>({ column: 'rate', direction: 'descending' });
  const [active, setActive] = useState<number | null>(null);
  const [isHeld, setHeld] = useState(false);
  const [order] = useState(() => new HeldOrder<ErrorSorting>());
  const [errorIds] = useState(() => new ErrorIds());
  const { cells, sums, groups, tables, coverage } = calls;
  const all = useMemo(
    () => errorRows(errorIds, cells, sums, groups, tables, band).map((row) => ({ row, texts: textsOf(row, calls) })),
    [errorIds, cells, sums, groups, tables, band, calls],
  );
  const byId = useMemo(() => new Map(all.map((each) => [each.row.id, each])), [all]);
  const term = useMemo(() => parseSearch(search), [search]);
  const sorted = useMemo(() => {
    const matched = term ? all.filter(({ texts }) => matchesAny(term, Object.values(texts))) : all;
    return sortErrors(matched, sorting).map(({ row }) => row.id);
  }, [all, term, sorting]);
  const ids = useMemo(() => order.next(sorted, sorting, live && isHeld), [order, sorted, sorting, live, isHeld]);
  if (all.length === 0) return <EmptyNote title="No call failed in this selection." />;
  if (ids.length === 0) return <EmptyNote title="No error matches the search." />;
  return (
    <Grid
      label="Failed calls"
      name="call-errors"
      columns={ERROR_COLUMNS}
      sorting={sorting}
      onSort={(column) => setSorting(nextErrorSorting(sorting, column))}
      ids={ids}
      active={active}
      onActive={setActive}
      onHold={setHeld}
      onKey={(event, id) => {
        const found = id === null ? undefined : byId.get(id);
        if (!found || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === 'c') copyText(sentenceOf(found.texts));
        else if (event.key === 'p' && found.row.process !== 0) onProcess(found.row.process);
      }}
      renderCells={(id) => {
        const found = byId.get(id);
        return found && <Cells {...found} seconds={coverage.seconds} />;
      }}
    />
  );
});

function Cells({
  row,
  texts,
  seconds,
}: {
  readonly row: ErrorRow;
  readonly texts: ErrorTexts;
  readonly seconds: number;
}) {
  return (
    <>
      <div role="gridcell" className="grid-text" title={texts.call}>
        {texts.call}
      </div>
      <div role="gridcell" className="grid-text call-errors-errno">
        {texts.errno}
      </div>
      <div role="gridcell" className="grid-text" title={texts.meaning}>
        {texts.meaning}
      </div>
      <div role="gridcell" className="grid-text grid-dim" title={texts.process}>
        {texts.process}
      </div>
      <div role="gridcell" className="grid-number">
        {formatRate(row.calls / seconds)}
      </div>
      <div role="gridcell" className="grid-number">
        {formatCount(row.calls)}
      </div>
      <div role="gridcell" className="grid-number" title={`of ${formatCount(row.ofCalls)} calls`}>
        {formatShare(row.calls / row.ofCalls)}
      </div>
    </>
  );
}

function textsOf(row: ErrorRow, { groups, tables }: Calls): ErrorTexts {
  return {
    call: callName(row.call, groups.isMixed),
    errno: errnoName(row.errno),
    meaning: errnoMeaning(row.errno),
    process: processName(tables, row.process),
  };
}

function sentenceOf({ call, errno, meaning, process }: ErrorTexts): string {
  return `${call} → ${errno} ${meaning}, ${process}`;
}
