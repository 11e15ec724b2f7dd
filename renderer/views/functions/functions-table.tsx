import { useState } from 'react';
import { functionsCsv, type Names, type SelfTotal } from '../../derive/index.ts';
import { formatCount } from '../../widgets/format.ts';
import { Grid, type GridColumn } from '../../widgets/grid.tsx';
import { FunctionCells } from './function-cells.tsx';
import './functions.css';
import { type Column, nextSorting, type Sorting } from './row-order.ts';
import { useOrder } from './use-order.ts';

export interface FunctionsTableProps {
  readonly costs: SelfTotal;
  readonly names: Names;
  /** null = no search. */
  readonly matches: ((id: number) => boolean) | null;
  /** Rows stand still while one points at them. */
  readonly live: boolean;
  readonly onSandwich: (id: number) => void;
  readonly onShowInGraph: (id: number) => void;
  readonly copyText: (text: string) => void;
}

const COLUMNS: readonly GridColumn<Column>[] = [
  { id: 'self', title: 'Self' },
  { id: 'total', title: 'Total' },
  { id: 'name', title: 'Function' },
  { id: 'module', title: 'Module' },
  { id: 'kind', title: 'Kind' },
];

/** Every function of the selection: what it cost itself and with what it called. Also the flame graph in words. */
export function FunctionsTable(props: FunctionsTableProps) {
  const { costs, names, copyText, onSandwich, onShowInGraph } = props;
  const [sorting, setSorting] = useState<Sorting>({ column: 'self', direction: 'descending' });
  const [isHeld, setHeld] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  const ids = useOrder(costs, names, props.matches, sorting, props.live && isHeld);
  return (
    <div className="functions-view">
      <div className="functions-bar">
        <span role="status">{formatCount(ids.length)} functions</span>
        <span className="functions-hint">Enter: callers and callees · G: show in flame graph · C: copy name</span>
        <button type="button" className="button button-plain" onClick={() => copyText(functionsCsv(ids, costs, names))}>
          Copy as CSV
        </button>
      </div>
      <Grid
        label="Functions by cost"
        name="functions"
        columns={COLUMNS}
        sorting={sorting}
        onSort={(column) => setSorting(nextSorting(sorting, column))}
        ids={ids}
        active={active}
        onActive={setActive}
        onHold={setHeld}
        onOpen={onSandwich}
        onKey={({ key, altKey }, id) => {
          if (id === null) return;
          if (key === 'Enter') onSandwich(id);
          else if (key === 'g') onShowInGraph(id);
          else if (key === 'c' && !altKey) copyText(names.name(id));
        }}
        renderCells={(id, isActive) => (
          <FunctionCells
            {...{ id, costs, names, isActive }}
            onSandwich={() => onSandwich(id)}
            onShowInGraph={() => onShowInGraph(id)}
          />
        )}
      />
    </div>
  );
}
