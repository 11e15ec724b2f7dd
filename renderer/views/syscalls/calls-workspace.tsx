import { useId, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { type Band, CALL_GROUPINGS, type CallGrouping, groupProcess, pickCells } from '../../derive/calls/index.ts';
import { exactSearch } from '../../derive/index.ts';
import type { ProbeColumns, Selection, StoreSnapshot } from '../../store/index.ts';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { Button } from '../../widgets/button.tsx';
import { useRemembered } from '../../widgets/remembered.ts';
import { isTyping } from '../../widgets/search-keys.ts';
import { useNotice } from '../../widgets/use-notice.ts';
import { useSteady } from '../../widgets/use-steady.ts';
import { FilterRow } from '../filter-row.tsx';
import { type Errand, useErrand } from '../errand.ts';
import type { OtherView } from '../other-view.ts';
import { bandText } from './bucket-text.ts';
import { CallsHelp } from './calls-help.tsx';
import './calls.css';
import { CallsTable } from './calls-table.tsx';
import { Chip } from './chip.tsx';
import { FIRST_SORTING, type Sorting } from './columns.ts';
import { CoverageNote } from './coverage-note.tsx';
import { ErrorsTable } from './errors-table.tsx';
import { GroupBy } from './group-by.tsx';
import type { EventsDesk } from '../events-desk.ts';
import { EventsPane } from './happening/events-pane.tsx';
import type { HeatBox } from './heat-frame.ts';
import { HeatPanel } from './heat-panel.tsx';
import { HistogramPanel } from './histogram-panel.tsx';
import { pickedCall } from './picked-call.ts';
import { PickedRow } from './picked-row.tsx';
import { SearchField } from './search-field.tsx';
import { type TabId, TabRow } from './tab-row.tsx';
import { useCalls } from './use-calls.ts';
import { useOwnPace } from './use-own-pace.ts';
import { useRows } from './use-rows.ts';
import { whyEmpty } from './emptiness.ts';

export interface CallsWorkspaceProps {
  readonly snapshot: StoreSnapshot;
  /** Of the probe whose calls are shown. */
  readonly windows: ProbeColumns;
  /** Time range and process / thread / container, shared by all views. */
  readonly selection: Selection;
  /** false in replay or while paused. */
  readonly live: boolean;
  /** The first is where a row leads to. */
  readonly otherViews: readonly OtherView[];
  /** Where single calls come from; null = nothing sends them. */
  readonly events: EventsDesk | null;
  /** Shown where the counts would be, while there are none. */
  readonly empty: ReactNode;
  /** What it was sent for from elsewhere; not there or null = nothing. */
  readonly errand?: Errand | null;
  onSelectionChange(next: Selection): void;
  copyText(text: string): void;
}

/** A new run of the agent means new ids, so everything begins anew. */
export function CallsWorkspace(props: CallsWorkspaceProps) {
  const { windows, events, live } = props;
  const snapshot = useOwnPace(props.snapshot, [windows, events?.windows, events?.allWindows], live);
  return <Workspace key={snapshot.device?.runId ?? ''} {...props} snapshot={snapshot} />;
}

function Workspace(props: CallsWorkspaceProps) {
  const { snapshot, windows, selection, live, otherViews, events, onSelectionChange } = props;
  const [otherView] = otherViews;
  const [grouping, setGrouping] = useRemembered<CallGrouping>('syscalls.grouping', CALL_GROUPINGS, 'call-process');
  const [chosenTab, setTab] = useState<TabId | null>(null);
  const isCounted = windows.windowCount > 0;
  // Where only single calls were asked for, they are what there is to see.
  const hasEventsOnly = !isCounted && events !== null && events.windows.windowCount > 0;
  const tab = chosenTab ?? (hasEventsOnly ? 'events' : 'calls');
  const [sorting, setSorting] = useState<Sorting>(FIRST_SORTING);
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<number | null>(null);
  const [band, setBand] = useState<Band>(null);
  const [isHeld, setHeld] = useState(false);
  const [notice, tell] = useNotice();
  const panelId = useId();
  const { range, calls, previous } = useCalls(snapshot, windows, selection, grouping, band);
  const rows = useRows(calls, search, sorting, live && isHeld);
  const { cells, groups, table, tables, facets, coverage } = calls;
  const chosen = useMemo(() => (picked === null ? rows.matching : new Set([picked])), [picked, rows.matching]);
  const inRange = useMemo(() => pickCells(cells, groups, chosen, null), [cells, groups, chosen]);
  const mask = useMemo(
    () => (band === null ? inRange : pickCells(cells, groups, chosen, band)),
    [inRange, cells, groups, chosen, band],
  );

  useErrand(props.errand ?? null, ({ tab: wanted, search: name }) => {
    if (wanted !== null) setTab(wanted as TabId);
    setSearch(name === '' ? '' : exactSearch(name));
    setPicked(null);
    setBand(null);
    // A name of a call is found where rows are calls.
    if (name !== '' && grouping !== 'call') setGrouping('call-process');
  });
  const select = (part: Partial<Selection>) => onSelectionChange({ ...selection, ...part });
  const selectBox = useSteady(({ range: time, from, to }: HeatBox) => {
    setBand({ from, to });
    select({ range: { kind: 'between', ...time } });
  });
  const onlyProcess = useSteady((process: number) => select({ process, thread: null }));
  const showOther = useSteady((process: number) => {
    onlyProcess(process);
    otherView?.show();
  });
  const copyText = useSteady((text: string) => {
    props.copyText(text);
    tell('Copied');
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isTyping(event.target)) return;
    if (picked !== null) setPicked(null);
    else setBand(null);
  };
  const isHappening = events !== null && tab === 'events';
  const nothing = table.present.length === 0 ? whyEmpty(calls, selection, band) : null;

  return (
    <div className="calls-workspace" onKeyDown={onKeyDown}>
      <TabRow tab={tab} onTab={setTab} hasEvents={events !== null} panelId={panelId}>
        {isCounted && !isHappening ? (
          <CoverageNote
            shown={table.allCalls}
            coverage={coverage}
            forgottenBeforeNs={windows.forgottenBeforeNs}
            range={range}
          />
        ) : (
          <span className="calls-coverage" />
        )}
        <SearchField
          text={search}
          onText={setSearch}
          found={rows.matching === null || tab !== 'calls' ? null : rows.matching.size}
          invalid={rows.invalid}
        />
        <CallsHelp />
      </TabRow>
      {isCounted && !isHappening && (
        <div className="calls-filters">
          <FilterRow {...{ selection, facets, tables, otherViews, onSelectionChange }} />
          {band && <Chip text={bandText(band)} title="Any latency" onClear={() => setBand(null)} />}
          {picked !== null && (
            <PickedRow
              text={rows.names.of(picked).filter(Boolean).join(', ')}
              process={groupProcess(groups, picked, tables)}
              otherTitle={otherView?.title ?? null}
              onProcess={onlyProcess}
              onOther={showOther}
              onClear={() => setPicked(null)}
            />
          )}
          {tab === 'calls' && (
            <GroupBy
              grouping={grouping}
              onChange={(next) => {
                setPicked(null);
                setGrouping(next);
              }}
            />
          )}
        </div>
      )}
      <div className="calls-body" role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${tab}`}>
        {isHappening ? (
          <EventsPane
            {...{ snapshot, selection, search, live, facets, otherViews, copyText, onSelectionChange }}
            desk={events}
            pickedCall={pickedCall(calls, picked)}
            onSearch={setSearch}
            onProcess={onlyProcess}
            onOther={showOther}
          />
        ) : !isCounted ? (
          props.empty
        ) : nothing ? (
          <EmptyNote
            title={nothing.title}
            note={nothing.note}
            action={
              nothing.isFiltered && (
                <Button
                  onClick={() => {
                    setBand(null);
                    select({ process: null, thread: null, container: null });
                  }}
                >
                  Show all
                </Button>
              )
            }
          />
        ) : tab === 'errors' ? (
          <ErrorsTable {...{ calls, band, search, live, copyText }} onProcess={onlyProcess} />
        ) : (
          <>
            <div className="calls-pictures">
              <HistogramPanel {...{ calls, mask, previous }} />
              <HeatPanel
                {...{ calls, range, band }}
                mask={inRange}
                wallOffsetMs={snapshot.wallOffsetMs}
                onSelect={selectBox}
              />
            </div>
            {rows.ids.length === 0 ? (
              <EmptyNote title="No row matches the search." />
            ) : (
              <CallsTable
                {...{ calls, rows, band, sorting, picked, copyText }}
                onSort={setSorting}
                onHold={setHeld}
                onPick={setPicked}
                onProcess={onlyProcess}
                onOther={showOther}
              />
            )}
          </>
        )}
      </div>
      <p className={notice ? 'notice notice-on' : 'notice'} role="status">
        {notice}
      </p>
    </div>
  );
}
