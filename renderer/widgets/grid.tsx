import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { type Follow, useFollow } from './use-follow.ts';

const ROW_PX = 24;
const PAGE_ROWS = 20;
/** Beyond the edge: all rows that are made change with each update of a live table. */
const OVERSCAN_ROWS = 4;

export interface GridColumn<Column extends string> {
  readonly id: Column;
  readonly title: string;
  /** What is in it, more precisely; shown when pointed at. */
  readonly help?: string;
  /** false: its values have no order. */
  readonly sorts?: boolean;
}

export interface GridSorting<Column extends string> {
  readonly column: Column;
  readonly direction: 'ascending' | 'descending';
}

export interface MenuPlace {
  readonly clientX: number;
  readonly clientY: number;
}

export interface GridProps<Column extends string> {
  readonly label: string;
  /** Class of the grid; its columns' cells have the classes `name-column`. */
  readonly name: string;
  readonly columns: readonly GridColumn<Column>[];
  readonly sorting: GridSorting<Column>;
  readonly onSort: (column: Column) => void;
  /** Rows in order. */
  readonly ids: readonly number[];
  readonly active: number | null;
  readonly onActive: (id: number) => void;
  /** A key that is not about moving. */
  readonly onKey: (event: KeyboardEvent, active: number | null) => void;
  /** The pointer is over the rows: they should stand still. */
  readonly onHold: (isHeld: boolean) => void;
  /** The rows on the screen, and some around them. */
  readonly onVisible?: (ids: readonly number[]) => void;
  readonly onOpen?: (id: number) => void;
  /** The menu of a row is wanted, at this place of the window. */
  readonly onMenu?: (id: number, at: MenuPlace) => void;
  /** Where new rows come last. */
  readonly follow?: Follow | undefined;
  readonly renderCells: (id: number, isActive: boolean) => ReactNode;
}

/** A table of any length: only what is on the screen is made. One stop for Tab, arrows within. */
export function Grid<Column extends string>(props: GridProps<Column>) {
  const { ids, active, columns, sorting, name, onVisible } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  // oxlint-disable-next-line react/incompatible-library -- it is about the React Compiler, which is not used here
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  const onScroll = useFollow(scroller, ids, ROW_PX, props.follow);
  const items = rows.getVirtualItems();
  const [first, end] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  useEffect(() => onVisible?.(ids.slice(first, end)), [onVisible, ids, first, end]);
  const at = active === null ? -1 : ids.indexOf(active);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = rowFor(event.key, at, ids.length);
    if (target === null) return props.onKey(event, active);
    event.preventDefault();
    const bounded = Math.min(Math.max(0, target), ids.length - 1);
    props.onActive(ids[bounded]!);
    rows.scrollToIndex(bounded);
  };
  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const wanted = menuWanted(event, active === null ? null : `${gridId}-${active}`);
    if (!props.onMenu || !wanted) return;
    event.preventDefault();
    props.onActive(wanted.id);
    props.onMenu(wanted.id, wanted.at);
  };
  return (
    <div
      className={`grid ${name}`}
      role="grid"
      aria-label={props.label}
      aria-rowcount={ids.length + 1}
      aria-activedescendant={at >= 0 ? `${gridId}-${active}` : undefined}
      tabIndex={0}
      ref={scroller}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
      onScroll={onScroll}
      onPointerEnter={() => props.onHold(true)}
      onPointerLeave={() => props.onHold(false)}
    >
      <div role="row" aria-rowindex={1} className="grid-row grid-head">
        {columns.map((column) => (
          <ColumnHead key={column.id} {...{ name, column, sorting }} onSort={() => props.onSort(column.id)} />
        ))}
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const id = ids[index]!;
          const isActive = id === active;
          return (
            <div
              key={id}
              role="row"
              id={`${gridId}-${id}`}
              data-id={id}
              aria-rowindex={index + 2}
              aria-selected={isActive}
              className={isActive ? 'grid-row grid-active' : 'grid-row'}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => props.onActive(id)}
              onDoubleClick={() => props.onOpen?.(id)}
            >
              {props.renderCells(id, isActive)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface ColumnHeadProps<Column extends string> {
  readonly name: string;
  readonly column: GridColumn<Column>;
  readonly sorting: GridSorting<Column>;
  readonly onSort: () => void;
}

function ColumnHead<Column extends string>({ name, column, sorting, onSort }: ColumnHeadProps<Column>) {
  const isSorted = sorting.column === column.id;
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? sorting.direction : 'none'}
      className={`${name}-${column.id}`}
      title={column.help}
    >
      {column.sorts === false ? (
        <span className="grid-title">{column.title}</span>
      ) : (
        <button type="button" tabIndex={-1} onClick={onSort}>
          {column.title}
          <span aria-hidden="true">{isSorted ? (sorting.direction === 'ascending' ? ' ▴' : ' ▾') : ''}</span>
        </button>
      )}
    </div>
  );
}

/** The row below the pointer; asked for by key, when the grid itself is meant, the active one. */
function menuWanted(event: MouseEvent<HTMLElement>, activeRow: string | null) {
  const { target, clientX, clientY } = event;
  const pointed = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
  if (pointed) return { id: Number(pointed.dataset['id']), at: { clientX, clientY } };
  const row = target === event.currentTarget && activeRow !== null ? document.getElementById(activeRow) : null;
  if (!row) return null;
  const { left, bottom } = row.getBoundingClientRect();
  return { id: Number(row.dataset['id']), at: { clientX: left + ROW_PX, clientY: bottom } };
}

/** Row a key moves to; null = the key does not move. */
export function rowFor(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at < 0 ? count - 1 : at - 1;
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
