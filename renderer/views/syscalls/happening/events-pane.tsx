import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { type CallEvent, callEvent } from '../../../derive/events/index.ts';
import { type Facets, processName, processOf } from '../../../derive/index.ts';
import type { Selection, StoreSnapshot, Tables } from '../../../store/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { FilterRow } from '../../filter-row.tsx';
import type { OtherView } from '../../other-view.ts';
import { draftOf, FIRST_DRAFT } from './draft.ts';
import { EventDetails } from './event-details.tsx';
import { type EventSorting, FIRST_EVENT_SORTING, hasNewestLast } from './event-columns.ts';
import { eventText } from './event-text.ts';
import { EventsBar } from './events-bar.tsx';
import type { EventsDesk } from '../../events-desk.ts';
import { EventsEmpty } from './events-empty.tsx';
import type { PickedCall } from './events-form.tsx';
import { OpenList, PassedList } from './events-list.tsx';
import './events.css';
import { filterWords, optionReader } from './filter-words.ts';
import { useEvents } from './use-events.ts';

export interface EventsPaneProps {
  readonly desk: EventsDesk;
  readonly snapshot: StoreSnapshot;
  readonly selection: Selection;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** false in replay or while paused. */
  readonly live: boolean;
  readonly pickedCall: PickedCall | null;
  /** Of the counted calls of the range; where there are none, those that are listed here have to do. */
  readonly facets: Facets;
  readonly otherViews: readonly OtherView[];
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly copyText: (text: string) => void;
  readonly onSelectionChange: (next: Selection) => void;
}

/** Single calls as they return, and above them those that have not. */
export function EventsPane(props: EventsPaneProps) {
  const {
    desk,
    snapshot,
    selection,
    search,
    live,
    pickedCall,
    otherViews,
    onProcess,
    onOther,
    copyText,
    onSelectionChange,
  } = props;
  const { tables, wallOffsetMs } = snapshot;
  const [sorting, setSorting] = useState<EventSorting>(FIRST_EVENT_SORTING);
  const [isFollowing, setFollowing] = useState(true);
  const [chosen, setChosen] = useState<CallEvent | null>(null);
  const { events, passed, open, isSearched } = useEvents(snapshot, desk.windows, selection, search, sorting);
  const { columns, list, coverage } = events;
  const picked = chosen === null ? null : find(events, chosen);
  // What slid out of the range can still be read.
  const shown = picked === null ? chosen : callEvent(columns, list.rowOf[picked]!);
  const optionOf = optionReader(desk.options ?? {}, desk.manifest.options);
  const words = desk.options === null ? null : filterWords(optionOf, (pid) => nameOfPid(tables, pid));
  const pid = selection.process === null ? '' : String(tables.processes[selection.process]?.pid ?? '');
  const first = desk.options === null ? { ...FIRST_DRAFT, pid } : draftOf(desk.options);
  const canFollow = live && hasNewestLast(sorting);
  const pick = (event: number) => {
    setChosen(callEvent(columns, list.rowOf[event]!));
    setFollowing(false);
  };
  const sort = (next: EventSorting) => {
    setSorting(next);
    setFollowing(true);
  };
  const onKey = (event: KeyboardEvent) => {
    if (shown === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const process = processOf(tables, shown.thread);
    if (event.key === 'c') copyText(eventText(shown, tables, wallOffsetMs));
    else if (event.key === 'p' && process !== 0) onProcess(process);
    else if (event.key === 'g' && process !== 0) onOther(process);
  };
  const lists = { events, wallOffsetMs, picked, onPick: pick, onKey };
  const isEmpty = passed.length === 0 && open.length === 0;
  return (
    <div
      className="events-pane"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || chosen === null) return;
        event.stopPropagation();
        setChosen(null);
      }}
    >
      <div className="calls-filters">
        <FilterRow
          {...{ selection, tables, otherViews, onSelectionChange }}
          facets={props.facets.total > 0 ? props.facets : events.facets}
        />
      </div>
      {(desk.options !== null || desk.windows.windowCount > 0) && (
        <EventsBar
          {...{ desk, words, optionOf, first, pickedCall, coverage, isSearched }}
          shown={passed.length + open.length}
          leftOut={list.leftOut}
        />
      )}
      {isEmpty ? (
        <EventsEmpty
          {...{ desk, first, pickedCall, coverage }}
          others={events.facets.total}
          onShowAll={() => {
            props.onSearch('');
            onSelectionChange({ ...selection, process: null, thread: null, container: null });
          }}
        />
      ) : (
        <div className={shown === null ? 'events-body' : 'events-body events-body-details'}>
          <div className="events-lists">
            {open.length > 0 && <OpenList {...lists} ids={open} />}
            <PassedList
              {...lists}
              ids={passed}
              sorting={sorting}
              onSort={sort}
              follow={canFollow ? { isOn: isFollowing, onChange: setFollowing } : undefined}
            />
            {canFollow && !isFollowing && (
              <div className="events-follow">
                <Button onClick={() => setFollowing(true)}>Follow the newest ↓</Button>
              </div>
            )}
          </div>
          {shown !== null && (
            <EventDetails
              {...{ tables, wallOffsetMs, onProcess, onOther, copyText }}
              event={shown}
              hasStacks={optionOf('stacks') === '1'}
              otherTitle={otherViews[0]?.title ?? null}
              onClose={() => setChosen(null)}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** Numbers change when old rows are forgotten; thread, call and beginning do not. */
function find({ columns, list }: ReturnType<typeof useEvents>['events'], wanted: CallEvent): number | null {
  const isIt = (event: number) => {
    const row = list.rowOf[event]!;
    return (
      columns.begunNs[row] === wanted.begunNs &&
      columns.thread[row] === wanted.thread &&
      columns.call[row] === wanted.call
    );
  };
  return list.open.find(isIt) ?? list.passed.find(isIt) ?? null;
}

/** The newest process of that pid that anything was seen of. */
function nameOfPid(tables: Tables, pid: number): string {
  const id = tables.processes.findLastIndex((process) => process?.pid === pid);
  return id < 0 ? `process ${pid}` : processName(tables, id);
}
