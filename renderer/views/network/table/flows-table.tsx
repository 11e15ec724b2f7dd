import { useMemo, useState } from 'react';
import type { CSSProperties } from 'react';
import type { FlowWorld } from '../../../derive/flows/index.ts';
import { Grid, type MenuPlace } from '../../../widgets/grid.tsx';
import { Cells } from './cells.tsx';
import { FlowMenu } from './flow-menu.tsx';
import { type Column, columnSpec, nextSorting, type Sorting, textOf, tracksOf } from './columns.ts';
import './table.css';

export interface FlowsTableProps {
  readonly world: FlowWorld;
  /** Of flows, in order. */
  readonly ids: readonly number[];
  readonly columns: readonly Column[];
  readonly seconds: number;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly onHold: (isHeld: boolean) => void;
  readonly picked: number | null;
  readonly onPick: (flow: number) => void;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly copyText: (text: string) => void;
  /** null = there is nothing to capture from. */
  readonly onCapture: ((flow: number) => void) | null;
}

/** Every flow of the selection, one per line. */
export function FlowsTable(props: FlowsTableProps) {
  const { world, ids, columns, seconds, sorting, picked } = props;
  const specs = useMemo(() => columns.map(columnSpec), [columns]);
  const { tracks, leastPx } = useMemo(() => tracksOf(columns), [columns]);
  const [menu, setMenu] = useState<(MenuPlace & { readonly id: number }) | null>(null);
  const placeOf = (id: number) => world.totals.placeOf[id] ?? -1;
  const style = { '--flow-tracks': tracks, '--flow-least': `${leastPx}px` } as CSSProperties;
  return (
    <div className="flows-place" style={style}>
      <Grid
        label="Flows"
        name="flows"
        columns={specs}
        sorting={sorting}
        onSort={(column) => props.onSort(nextSorting(sorting, column))}
        ids={ids}
        active={picked}
        onActive={props.onPick}
        onHold={props.onHold}
        onMenu={(id, at) => setMenu({ id, ...at })}
        onKey={(event, id) => {
          const place = id === null ? -1 : placeOf(id);
          if (place < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
          const { process } = world.owner(place);
          if (event.key === 'c') props.copyText(flowLine(world, place));
          else if (event.key === 'p' && process !== 0) props.onProcess(process);
          else if (event.key === 'g' && process !== 0) props.onOther(process);
          else if (event.key === 'k' && props.onCapture) {
            event.preventDefault(); // or the dialog's first field gets the letter
            props.onCapture(id!);
          }
        }}
        renderCells={(id) => {
          const place = placeOf(id);
          return place < 0 ? null : <Cells {...{ world, place, columns, seconds }} />;
        }}
      />
      {menu && placeOf(menu.id) >= 0 && (
        <FlowMenu
          {...menu}
          {...{ world }}
          place={placeOf(menu.id)}
          onProcess={props.onProcess}
          onOther={props.onOther}
          onCapture={props.onCapture && (() => props.onCapture?.(menu.id))}
          onCopy={() => props.copyText(flowLine(world, placeOf(menu.id)))}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

/** "tcp 10.0.0.2:41822 → 10.0.0.9:1883 bridge.py (102)" */
export function flowLine(world: FlowWorld, place: number): string {
  const { protocol, local, remote } = world.text(place);
  const arrow = world.def(place)?.direction === 'in' ? '←' : '→';
  const ends = remote === '' ? local : `${local} ${arrow} ${remote}`;
  return `${protocol} ${ends} ${textOf(world, place, 'process')}`;
}
