import type { KeyboardEvent } from 'react';
import { errnoMeaning } from '../../../../remote-agent/protocol/syscalls/index.ts';
import { callEvent, callText, type Events } from '../../../derive/events/index.ts';
import { processName, processOf, threadName } from '../../../derive/index.ts';
import { formatDeviceInstant, formatDeviceTime, formatNs } from '../../../widgets/format.ts';
import { Grid } from '../../../widgets/grid.tsx';
import type { Follow } from '../../../widgets/use-follow.ts';
import {
  type EventColumn,
  type EventSorting,
  FIRST_EVENT_SORTING,
  nextEventSorting,
  OPEN_COLUMNS,
  PASSED_COLUMNS,
} from './event-columns.ts';
import { outcomeText } from './result-text.ts';

export interface EventsListProps {
  readonly events: Events;
  readonly ids: readonly number[];
  readonly wallOffsetMs: number | null;
  readonly picked: number | null;
  readonly onPick: (event: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

/** Calls that returned, one per line. */
export function PassedList({
  sorting,
  onSort,
  follow,
  ...props
}: EventsListProps & {
  readonly sorting: EventSorting;
  readonly onSort: (sorting: EventSorting) => void;
  readonly follow: Follow | undefined;
}) {
  const onColumn = (column: EventColumn) => onSort(nextEventSorting(sorting, column));
  return (
    <Grid
      label="Calls as they happen"
      name="events"
      columns={PASSED_COLUMNS}
      {...{ ...gridProps(props), sorting, follow }}
      onSort={onColumn}
      renderCells={(event) => <Cells {...props} event={event} isOpen={false} />}
    />
  );
}

/** Calls that have not returned. */
export function OpenList(props: EventsListProps) {
  return (
    <div className="events-open">
      <Grid
        label="Calls in progress"
        name="events"
        columns={OPEN_COLUMNS}
        {...gridProps(props)}
        sorting={FIRST_EVENT_SORTING}
        onSort={nothing}
        renderCells={(event) => <Cells {...props} event={event} isOpen />}
      />
    </div>
  );
}

const nothing = () => undefined;

function gridProps({ ids, picked, onPick, onKey }: EventsListProps) {
  return { ids, active: picked, onActive: onPick, onKey, onHold: nothing };
}

interface CellsProps extends EventsListProps {
  readonly event: number;
  readonly isOpen: boolean;
}

function Cells({ events: { columns, list, tables }, wallOffsetMs, event, isOpen }: CellsProps) {
  const one = callEvent(columns, list.rowOf[event]!);
  const text = callText(one);
  const process = processName(tables, processOf(tables, one.thread));
  const thread = threadName(tables, one.thread);
  return (
    <>
      <div role="gridcell" className="events-time grid-text grid-dim">
        {isOpen ? formatDeviceTime(one.begunNs, wallOffsetMs) : formatDeviceInstant(one.endNs, wallOffsetMs)}
      </div>
      <div role="gridcell" className="events-process grid-text" title={process}>
        {process}
      </div>
      <div role="gridcell" className="events-thread grid-text grid-dim" title={thread}>
        {thread}
      </div>
      <div role="gridcell" className="events-call grid-text" title={text}>
        {text}
      </div>
      <div role="gridcell" className="events-result grid-text" title={errnoMeaning(one.errno)}>
        <Result {...{ one, isOpen }} />
      </div>
      <div role="gridcell" className="events-duration grid-number">
        {one.returned || isOpen ? formatNs(one.durationNs) : `> ${formatNs(one.durationNs)}`}
      </div>
    </>
  );
}

function Result({ one, isOpen }: { readonly one: ReturnType<typeof callEvent>; readonly isOpen: boolean }) {
  if (one.returned)
    return one.errno === 0 ? outcomeText(one) : <span className="calls-failed">{outcomeText(one)}</span>;
  // Its thread ended in it, or its return was one of those that were not kept.
  return isOpen ? null : <span className="grid-dim">not seen to return</span>;
}
