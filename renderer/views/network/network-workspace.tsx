import { useCallback, useId, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { filterValues, REMOTE_GROUPINGS, type RemoteGrouping } from '../../derive/flows/index.ts';
import type { ProbeColumns, RangeNs, Selection, StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { useRemembered, useRememberedSet } from '../../widgets/remembered.ts';
import { isTyping } from '../../widgets/search-keys.ts';
import { useNotice } from '../../widgets/use-notice.ts';
import type { EventsDesk } from '../events-desk.ts';
import { FilterRow } from '../filter-row.tsx';
import { type Errand, useErrand } from '../errand.ts';
import type { OtherView } from '../other-view.ts';
import { CaptureBar } from './capture/capture-bar.tsx';
import { CaptureDialog } from './capture/capture-dialog.tsx';
import './capture/capture.css';
import { pcapFilterOf } from './capture/flow-filter.ts';
import type { PacketDesk } from './capture/packet-desk.ts';
import { CoverageNote, OwnNote } from './coverage-note.tsx';
import { DropsPane } from './drops/drops-pane.tsx';
import { whyEmpty } from './emptiness.ts';
import { FilterField } from './filter/filter-field.tsx';
import { filterForTarget } from './map-filter.ts';
import { MapPanel } from './map/map-panel.tsx';
import { MomentsPane } from './moments/moments-pane.tsx';
import { DnsPane } from './names/dns-pane.tsx';
import { NetworkHelp } from './network-help.tsx';
import './network.css';
import { RatesPanel } from './rates/rates-panel.tsx';
import { ColumnChooser } from './table/column-chooser.tsx';
import { COLUMNS, FIRST_COLUMNS, FIRST_SORTING, type Sorting } from './table/columns.ts';
import { FlowsTable } from './table/flows-table.tsx';
import { isOfFlows, type TabId, TabRow } from './tab-row.tsx';
import { useFlowRows } from './use-flow-rows.ts';
import { useNetwork } from './use-network.ts';

export interface NetworkWorkspaceProps {
  readonly snapshot: StoreSnapshot;
  /** Of the probe whose flows are shown. */
  readonly windows: ProbeColumns;
  /** Time range and process / container, shared by all views. */
  readonly selection: Selection;
  /** false in replay or while paused. */
  readonly live: boolean;
  readonly otherViews: readonly OtherView[];
  /** Where DNS messages and dropped packets come from; null = nothing sends them. */
  readonly dns: EventsDesk | null;
  readonly drops: EventsDesk | null;
  /** Packets of the device; null = a recording, which has none. */
  readonly packets: PacketDesk | null;
  /** Shown where the flows would be, while there are none. */
  readonly empty: ReactNode;
  /** What it was sent for from elsewhere; not there or null = nothing. */
  readonly errand?: Errand | null;
  onSelectionChange(next: Selection): void;
  copyText(text: string): void;
}

/** A new run of the agent means new ids, so everything begins anew. */
export function NetworkWorkspace(props: NetworkWorkspaceProps) {
  return <Workspace key={props.snapshot.device?.runId ?? ''} {...props} />;
}

function Workspace(props: NetworkWorkspaceProps) {
  const { snapshot, windows, selection, live, otherViews, dns, drops, packets, onSelectionChange } = props;
  const { tables, wallOffsetMs } = snapshot;
  const [tab, setTab] = useState<TabId>('flows');
  const [text, setText] = useState('');
  const [grouping, setGrouping] = useRemembered<RemoteGrouping>('network.remote', REMOTE_GROUPINGS, 'name');
  const [columns, setColumns] = useRememberedSet('network.columns', COLUMNS, FIRST_COLUMNS);
  const [sorting, setSorting] = useState<Sorting>(FIRST_SORTING);
  const [hidesOwn, setHidesOwn] = useState(true);
  const [isHeld, setHeld] = useState(false);
  const [picked, setPicked] = useState<number | null>(null);
  /** Filter that is offered first; null = nobody asks for packets. */
  const [captureOf, setCaptureOf] = useState<string | null>(null);
  const closeCapture = useCallback(() => setCaptureOf(null), []);
  const [notice, tell] = useNotice();
  const panelId = useId();
  const network = useNetwork(snapshot, windows, dns?.allWindows ?? null, selection, text, hidesOwn);
  const { range, filter, flows } = network;
  const { world, list, coverage, facets } = flows;
  const ids = useFlowRows(flows, sorting, live && isHeld);
  const valuesOf = useMemo(() => filterValues(world), [world]);
  const bytes = useMemo(() => payloadOf(flows), [flows]);

  useErrand(props.errand ?? null, ({ tab: wanted, search }) => {
    if (wanted !== null) setTab(wanted as TabId);
    setText(search);
    setPicked(null);
  });
  const select = (part: Partial<Selection>) => onSelectionChange({ ...selection, ...part });
  const onRange = (next: RangeNs) => select({ range: { kind: 'between', ...next } });
  const onProcess = (process: number) => select({ process, thread: null });
  const onOther = (process: number) => {
    onProcess(process);
    otherViews[0]?.show();
  };
  const copyText = (copied: string) => {
    props.copyText(copied);
    tell('Copied');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !isTyping(event.target)) setText('');
  };
  const isCapturing = packets?.view?.kind === 'starting' || packets?.view?.kind === 'running';
  const canCapture = packets !== null && packets.canStart && !isCapturing;
  const onCaptureFlow = (flow: number) => setCaptureOf(pcapFilterOf(world, world.totals.placeOf[flow] ?? -1) ?? '');
  const hasFlows = windows.windowCount > 0;
  const isFlows = isOfFlows(tab);
  const nothing = list.shown.length === 0 ? whyEmpty(flows, selection) : null;
  const table = (
    <FlowsTable
      {...{ world, ids, columns, sorting, picked, copyText, onProcess, onOther }}
      seconds={coverage.seconds}
      onSort={setSorting}
      onHold={setHeld}
      onPick={setPicked}
      onCapture={canCapture ? onCaptureFlow : null}
    />
  );
  return (
    <div className="net-workspace" onKeyDown={onKeyDown}>
      <TabRow tab={tab} onTab={setTab} panelId={panelId}>
        {hasFlows && isFlows ? (
          <CoverageNote {...{ list, bytes, coverage, range }} forgottenBeforeNs={windows.forgottenBeforeNs} />
        ) : (
          <span className="net-coverage" />
        )}
        {hasFlows && isFlows && <OwnNote list={list} isHidden={hidesOwn} onHide={setHidesOwn} />}
        {tab !== 'moments' && isFlows && <ColumnChooser columns={columns} onChange={setColumns} />}
        {packets && (
          <Button
            disabled={!canCapture}
            title="Packets of the device as a file for Wireshark"
            onClick={() => setCaptureOf('')}
          >
            Capture…
          </Button>
        )}
        <NetworkHelp />
      </TabRow>
      {tab !== 'drops' && (
        <div className="net-filters">
          <FilterRow {...{ selection, facets, tables, otherViews, onSelectionChange }} hasThreads={false} />
          {selection.thread !== null && (
            <p className="net-threads">
              Sockets belong to a process: its other threads are in here, too.{' '}
              <Button look="link" onClick={() => select({ thread: null })}>
                Any thread
              </Button>
            </p>
          )}
          {isFlows && hasFlows && (
            <FilterField
              {...{ text, filter, valuesOf }}
              onText={setText}
              found={filter.terms.length === 0 ? null : list.shown.length}
            />
          )}
        </div>
      )}
      <div className="net-body" role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${tab}`}>
        {tab === 'dns' && dns ? (
          <DnsPane
            {...{ tables, range, selection, live, wallOffsetMs, copyText, onProcess }}
            desk={dns}
            seen={network.dns}
          />
        ) : tab === 'drops' && drops ? (
          <DropsPane desk={drops} {...{ range, copyText }} />
        ) : !hasFlows ? (
          props.empty
        ) : nothing ? (
          <EmptyNote
            title={nothing.title}
            note={nothing.note}
            action={
              nothing.isFiltered && (
                <Button
                  onClick={() => {
                    setText('');
                    select({ process: null, thread: null, container: null });
                  }}
                >
                  Show all
                </Button>
              )
            }
          />
        ) : tab === 'moments' ? (
          <MomentsPane {...{ flows, range, live, wallOffsetMs, copyText, onProcess, onOther }} />
        ) : tab === 'map' ? (
          <div className="net-split net-split-map">
            <MapPanel
              {...{ flows, grouping }}
              onGrouping={setGrouping}
              onPick={(map, target) => setText(filterForTarget(text, map, target, grouping, tables))}
            />
            {table}
          </div>
        ) : (
          <div className="net-split net-split-rates">
            <RatesPanel {...{ flows, range, grouping, wallOffsetMs }} onSelect={onRange} />
            {table}
          </div>
        )}
      </div>
      {packets && <CaptureBar desk={packets} />}
      {packets && captureOf !== null && <CaptureDialog desk={packets} filter={captureOf} onClose={closeCapture} />}
      <p className={notice ? 'notice notice-on' : 'notice'} role="status">
        {notice}
      </p>
    </div>
  );
}

function payloadOf({ world: { totals }, list }: ReturnType<typeof useNetwork>['flows']): number {
  return list.shown.reduce((sum, place) => sum + totals.sent[place]! + totals.received[place]!, 0);
}
