import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { functionsCsv, type Names, type SelfTotal } from '../../derive/index.ts';
import { formatCount } from '../../widgets/format.ts';
import './functions.css';
import { FunctionRow } from './function-row.tsx';
import { COLUMNS, type Column, nextSorting, type Sorting } from './row-order.ts';
import { useOrder } from './use-order.ts';

const ROW_PX = 24;
const PAGE_ROWS = 20;

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

const TITLES: Readonly<Record<Column, string>> = {
  self: 'Self',
  total: 'Total',
  name: 'Function',
  module: 'Module',
  kind: 'Kind',
};

/** Every function of the selection: what it cost itself and with what it called. Also the flame graph in words. */
export function FunctionsTable(props: FunctionsTableProps) {
  const { costs, names, copyText, onSandwich, onShowInGraph } = props;
  const [sorting, setSorting] = useState<Sorting>({ column: 'self', direction: 'descending' });
  const [isHeld, setHeld] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const ids = useOrder(costs, names, props.matches, sorting, props.live && isHeld);
  // oxlint-disable-next-line react/incompatible-library -- it is about the React Compiler, which is not used here
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const at = active === null ? -1 : ids.indexOf(active);
  const moveTo = (row: number) => {
    const bounded = Math.min(Math.max(0, row), ids.length - 1);
    setActive(ids[bounded] ?? null);
    rows.scrollToIndex(bounded);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const id = active;
    if (event.key === 'Enter' && id !== null) return onSandwich(id);
    if (event.key === 'g' && id !== null) return onShowInGraph(id);
    if (event.key === 'c' && id !== null && !event.altKey) return copyText(names.name(id));
    const target = rowFor(event.key, at, ids.length);
    if (target === null) return;
    event.preventDefault();
    moveTo(target);
  };
  return (
    <div className="functions">
      <div className="functions-bar">
        <span role="status">{formatCount(ids.length)} functions</span>
        <span className="functions-hint">Enter: callers and callees · G: show in flame graph · C: copy name</span>
        <button type="button" className="button button-plain" onClick={() => copyText(functionsCsv(ids, costs, names))}>
          Copy as CSV
        </button>
      </div>
      <div
        className="functions-grid"
        role="grid"
        aria-label="Functions by cost"
        aria-rowcount={ids.length + 1}
        aria-activedescendant={at >= 0 ? `${gridId}-${active}` : undefined}
        tabIndex={0}
        ref={scroller}
        onKeyDown={onKeyDown}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
      >
        <div role="row" aria-rowindex={1} className="functions-row functions-head">
          {COLUMNS.map((column) => (
            <div
              key={column}
              role="columnheader"
              aria-sort={sorting.column === column ? sorting.direction : 'none'}
              className={`functions-${column}`}
            >
              <button type="button" tabIndex={-1} onClick={() => setSorting(nextSorting(sorting, column))}>
                {TITLES[column]}
                <span aria-hidden="true">
                  {sorting.column === column ? (sorting.direction === 'ascending' ? ' ▴' : ' ▾') : ''}
                </span>
              </button>
            </div>
          ))}
        </div>
        <div role="rowgroup" className="functions-body" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const id = ids[index]!;
            return (
              <FunctionRow
                key={id}
                id={id}
                domId={`${gridId}-${id}`}
                index={index}
                topPx={start}
                costs={costs}
                names={names}
                isActive={id === active}
                onSelect={() => setActive(id)}
                onSandwich={() => onSandwich(id)}
                onShowInGraph={() => onShowInGraph(id)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function rowFor(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + PAGE_ROWS;
    case 'PageUp':
      return at - PAGE_ROWS;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
