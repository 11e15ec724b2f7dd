/** A small network for tests: two processes, five flows, three seconds. */
import type { DefinitionsSignal, Signal } from '../../../remote-agent/protocol/signal.ts';
import {
  type FlowFilter,
  type FlowsOfRange,
  FlowsMaker,
  NO_FLOW_FILTER,
} from '../../../renderer/derive/flows/index.ts';
import type { WindowSpan } from '../../../renderer/derive/index.ts';
import { REPLAY_LIMITS, SessionStore, type StoreSnapshot } from '../../../renderer/store/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { Dictionary } from '../../fixtures/dictionary.ts';
import { flowDef, flowWindow, type MadeFlowRow } from '../../fixtures/flows.ts';
import { deviceSignal } from '../../fixtures/signals.ts';
import { eagerClock } from '../derive/drawn.ts';

export const START_NS = 1000e9;
export const [ESTABLISHED, CLOSED, LISTENING] = [1, 7, 10];
export const ECONNREFUSED = 111;
const SECOND_NS = 1e9;

/** Rows by second. */
export type Seconds = readonly (readonly MadeFlowRow[])[];

export const BROKER = 1;
export const BRIDGE = 2;

/** 1 broker ← sensor, 2 bridge → cloud, 3 bridge → nobody (refused), 4 broker listens, 5 Sonde itself. */
export const SECONDS: Seconds = [
  [
    {
      flow: 1,
      thread: BROKER,
      state: ESTABLISHED,
      sent: 10,
      received: 100,
      'packets-sent': 1,
      'packets-received': 2,
      rtt: 5e6,
      'rtt-min': 4e6,
    },
    { flow: 4, thread: BROKER, state: LISTENING },
    { flow: 5, sent: 500, received: 50, state: ESTABLISHED, 'packets-sent': 3 },
  ],
  [
    {
      flow: 1,
      thread: BROKER,
      state: ESTABLISHED,
      sent: 20,
      received: 200,
      'packets-sent': 2,
      'packets-received': 3,
      rtt: 7e6,
      'rtt-min': 3e6,
      retransmits: 1,
    },
    {
      flow: 2,
      thread: BRIDGE,
      state: ESTABLISHED,
      sent: 1000,
      received: 2000,
      'packets-sent': 4,
      'packets-received': 4,
      rtt: 80e6,
      connect: 81e6,
    },
  ],
  [
    { flow: 2, thread: BRIDGE, state: CLOSED, sent: 1, 'packets-sent': 1, closed: START_NS + 2.6e9 },
    {
      flow: 3,
      thread: BRIDGE,
      state: CLOSED,
      errno: ECONNREFUSED,
      resets: 1,
      'packets-sent': 1,
      closed: START_NS + 2.2e9,
    },
  ],
];

export function snapshotOf(
  seconds: Seconds = SECONDS,
  more: readonly Signal[] = [],
  described: (names: DefinitionsSignal) => DefinitionsSignal = (names) => names,
): StoreSnapshot {
  const dictionary = new Dictionary();
  dictionary.thread('broker', 'broker');
  dictionary.thread('bridge', 'bridge');
  const flows = [
    flowDef({ id: 1, direction: 'in', localPort: 1883, remoteAddress: '10.0.0.31', remotePort: 50_001 }),
    flowDef({ id: 2, remoteAddress: '203.0.113.40', remotePort: 443, openedNs: START_NS + 1.1e9 }),
    flowDef({ id: 3, remoteAddress: '10.0.0.99', remotePort: 9092, openedNs: START_NS + 2.1e9 }),
    flowDef({
      id: 4,
      direction: 'listening',
      localAddress: '0.0.0.0',
      localPort: 1883,
      remoteAddress: '',
      remotePort: 0,
    }),
    flowDef({ id: 5, direction: 'in', localPort: 22, remoteAddress: '10.0.0.200', isOwn: true }),
  ];
  const addressNames = [{ address: '203.0.113.40', name: 'cloud.example', source: 'hosts' as const }];
  const store = new SessionStore(REPLAY_LIMITS, eagerClock());
  void store.ingest([
    deviceSignal({ startNs: START_NS }),
    described(dictionary.takeAdditions()!),
    definitionsOf({ flows, addressNames }),
    ...seconds.map((rows, second) =>
      flowWindow(START_NS + second * SECOND_NS, START_NS + (second + 1) * SECOND_NS, rows),
    ),
    ...more,
  ]);
  return store.snapshots.getState();
}

export interface Asked {
  readonly span?: WindowSpan;
  readonly process?: number | null;
  readonly filter?: FlowFilter;
  readonly hidesOwn?: boolean;
}

export function flowsOf(snapshot: StoreSnapshot, asked: Asked = {}, maker = new FlowsMaker()): FlowsOfRange {
  const { windows } = snapshot.probes.get('net-flows')!;
  const { tables } = snapshot;
  return maker.make({
    windows,
    tables,
    span: { first: 0, end: windows.windowCount },
    names: (address) => tables.addressNames.get(address)?.name ?? '',
    process: null,
    container: null,
    filter: NO_FLOW_FILTER,
    hidesOwn: true,
    ...asked,
  });
}

/** Ids of the flows that are shown. */
export function shownIds({ world, list }: FlowsOfRange): number[] {
  return list.shown.map((place) => world.totals.flow[place]!).sort((a, b) => a - b);
}
