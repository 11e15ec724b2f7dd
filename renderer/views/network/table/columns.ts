import type { FlowWorld } from '../../../derive/flows/index.ts';
import type { GridColumn, GridSorting } from '../../../widgets/grid.tsx';

export const COLUMNS = [
  'process',
  'container',
  'protocol',
  'direction',
  'local',
  'remote',
  'name',
  'state',
  'age',
  'sent',
  'received',
  'sent-rate',
  'received-rate',
  'packets-sent',
  'packets-received',
  'rtt',
  'rtt-min',
  'jitter',
  'retransmits',
  'out-of-order',
  'zero-windows',
  'connect',
  'closing',
  'close-wait',
  'resets',
] as const;
export type Column = (typeof COLUMNS)[number];
export type Sorting = GridSorting<Column>;

export const FIRST_COLUMNS: readonly Column[] = [
  'process',
  'protocol',
  'direction',
  'local',
  'remote',
  'name',
  'state',
  'age',
  'sent',
  'received',
  'sent-rate',
  'received-rate',
  'rtt',
  'retransmits',
  'resets',
];
export const FIRST_SORTING: Sorting = { column: 'received-rate', direction: 'descending' };

interface Spec extends GridColumn<Column> {
  /** As a grid track. */
  readonly width: string;
  readonly leastPx: number;
}

function spec(id: Column, title: string, leastPx: number, help: string, grows = 0): Spec {
  return { id, title, leastPx, help, width: grows > 0 ? `minmax(${leastPx}px, ${grows}fr)` : `${leastPx}px` };
}

const SOCKET = 'counted at the socket: each byte once, whatever was sent again';
const SPECS: Readonly<Record<Column, Spec>> = {
  process: spec('process', 'Process', 128, 'Who owns the socket', 0.8),
  container: spec('container', 'Container', 90, 'Container of the process', 0.6),
  protocol: spec('protocol', 'Proto', 56, 'Protocol'),
  direction: spec('direction', 'Dir', 46, 'Who opened it: this box (out) or the other end (in)'),
  local: spec('local', 'Local', 152, 'Address and port on this box', 0.9),
  remote: spec('remote', 'Remote', 162, 'Address and port of the other end', 1.1),
  name: spec('name', 'Remote name', 100, 'As the box itself resolved it: DNS answers it got, /etc/hosts', 0.8),
  state: spec('state', 'State', 96, 'The newest in the range'),
  age: spec('age', 'Age', 98, 'Since it was opened; “>” where that was before anybody watched'),
  sent: spec('sent', 'Sent', 78, `Payload of the range, ${SOCKET}`),
  received: spec('received', 'Received', 78, `Payload of the range, ${SOCKET}`),
  'sent-rate': spec('sent-rate', 'Sent/s', 82, 'Payload per second of the range'),
  'received-rate': spec('received-rate', 'Recv/s', 82, 'Payload per second of the range'),
  'packets-sent': spec('packets-sent', 'Pkts out', 80, 'Packets that left the socket'),
  'packets-received': spec('packets-received', 'Pkts in', 80, 'Packets that reached the socket'),
  rtt: spec('rtt', 'RTT', 76, 'Round trip, smoothed by the kernel; the newest in the range'),
  'rtt-min': spec('rtt-min', 'RTT min', 76, 'Shortest round trip of the range'),
  jitter: spec('jitter', 'Jitter', 76, 'Mean deviation of the round trip; the newest in the range'),
  retransmits: spec('retransmits', 'Retrans', 72, 'Segments sent again in the range'),
  'out-of-order': spec('out-of-order', 'Early', 60, 'Segments that came out of order'),
  'zero-windows': spec('zero-windows', 'Zero win', 72, 'Segments that told the other end to wait'),
  connect: spec('connect', 'Connect', 76, 'From SYN to established'),
  closing: spec('closing', 'Closing', 76, 'From the first FIN to closed, without TIME-WAIT'),
  'close-wait': spec(
    'close-wait',
    'Close-wait',
    84,
    'Of closing: the other end had closed it, its process here had not',
  ),
  resets: spec('resets', 'Resets', 62, 'TCP resets, of either end'),
};

const TEXTS: ReadonlySet<Column> = new Set([
  'process',
  'container',
  'protocol',
  'direction',
  'local',
  'remote',
  'name',
  'state',
]);

export function columnSpec(column: Column): Spec {
  return SPECS[column];
}

export function isText(column: Column): boolean {
  return TEXTS.has(column);
}

/** Tracks of a row, and how wide it has to be at least. */
export function tracksOf(columns: readonly Column[]): { readonly tracks: string; readonly leastPx: number } {
  return {
    tracks: columns.map((column) => SPECS[column].width).join(' '),
    leastPx: columns.reduce((sum, column) => sum + SPECS[column].leastPx, 0),
  };
}

export function nextSorting(current: Sorting, column: Column): Sorting {
  if (current.column !== column) return { column, direction: isText(column) ? 'ascending' : 'descending' };
  return { column, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** Ids of flows in order; equals by id, so that no two updates show them differently. What is not known comes last. */
export function sortFlows(world: FlowWorld, places: readonly number[], { column, direction }: Sorting): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const { flow } = world.totals;
  const byId = (a: number, b: number) => flow[a]! - flow[b]!;
  const order = isText(column) ? textOrder(world, places, column, sign) : numberOrder(world, places, column, sign);
  return places.toSorted((a, b) => order(a, b) || byId(a, b)).map((place) => flow[place]!);
}

type Order = (a: number, b: number) => number;

function numberOrder(world: FlowWorld, places: readonly number[], column: Column, sign: 1 | -1): Order {
  const keys = new Float64Array(world.totals.count);
  const none = Number.POSITIVE_INFINITY * sign;
  for (const place of places) {
    const value = numberOf(world, place, column);
    keys[place] = Number.isNaN(value) ? none : value;
  }
  return (a, b) => (keys[a] === keys[b] ? 0 : sign * (keys[a]! - keys[b]!));
}

function textOrder(world: FlowWorld, places: readonly number[], column: Column, sign: 1 | -1): Order {
  const keys: string[] = [];
  for (const place of places) keys[place] = sortText(world, place, column);
  return (a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    if (x === y) return 0;
    if (x === '' || y === '') return x === '' ? 1 : -1;
    return x < y ? -sign : sign;
  };
}

/** Addresses in the order of their numbers: 10.0.0.9 before 10.0.0.10. */
function sortText(world: FlowWorld, place: number, column: Column): string {
  const text = world.text(place);
  if (column === 'local') return endKey(text.localBytes, world.def(place)?.localPort ?? 0);
  if (column === 'remote') return text.remote === '' ? '' : endKey(text.remoteBytes, world.def(place)?.remotePort ?? 0);
  return textOf(world, place, column);
}

function endKey(bytes: Uint8Array, port: number): string {
  return String.fromCharCode(bytes.length, ...bytes, port);
}

export function textOf(world: FlowWorld, place: number, column: Column): string {
  switch (column) {
    case 'process':
      return world.owner(place).name;
    case 'container':
      return world.owner(place).container;
    case 'protocol':
      return world.text(place).protocol;
    case 'direction':
      return DIRECTIONS[world.def(place)?.direction ?? 'unknown'];
    case 'local':
      return world.text(place).local;
    case 'remote':
      return world.text(place).remote;
    case 'name':
      return world.remoteName(place);
    case 'state':
      return world.stateName(place);
    default:
      return '';
  }
}

const DIRECTIONS = { out: 'out', in: 'in', listening: 'wait', unknown: '' } as const;

/** NaN = not known. */
export function numberOf(world: FlowWorld, place: number, column: Column): number {
  const { totals } = world;
  switch (column) {
    case 'age':
      return world.ageNs(place);
    case 'sent':
    case 'sent-rate':
      return totals.sent[place]!;
    case 'received':
    case 'received-rate':
      return totals.received[place]!;
    case 'packets-sent':
      return totals.packetsSent[place]!;
    case 'packets-received':
      return totals.packetsReceived[place]!;
    case 'rtt':
      return totals.rttNs[place]! || Number.NaN;
    case 'rtt-min':
      return totals.rttMinNs[place]! || Number.NaN;
    case 'jitter':
      return totals.jitterNs[place]! || Number.NaN;
    case 'retransmits':
      return totals.retransmits[place]!;
    case 'out-of-order':
      return totals.outOfOrder[place]!;
    case 'zero-windows':
      return totals.zeroWindows[place]!;
    case 'connect':
      return totals.connectNs[place]! || Number.NaN;
    case 'closing':
      return totals.closingNs[place]! || Number.NaN;
    case 'close-wait':
      return totals.closeWaitNs[place]! || Number.NaN;
    case 'resets':
      return totals.resets[place]!;
    default:
      return Number.NaN;
  }
}
