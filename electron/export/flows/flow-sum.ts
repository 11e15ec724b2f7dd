/** Rows of one flow added up, as the probe's manifest says. */
import {
  combined,
  type ConnectionTimes,
  establishedNs,
  findProbe,
  type FlowDef,
  hasFailedToConnect,
  type ProbeManifest,
  TCP_STATE,
  tcpStateName,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import type { Tables } from '../tables.ts';

export const FLOWS_PROBE = 'net-flows';
const { columns: COLUMNS } = findProbe(FLOWS_PROBE) as ProbeManifest;
const PLACES = new Map(COLUMNS.map(({ name }, place) => [name, place]));
const PROTOCOL_TCP = 6;
const THREAD = COLUMNS.findIndex(({ type }) => type === 'thread');

export type FlowValue =
  | 'state'
  | 'sent'
  | 'received'
  | 'packets-sent'
  | 'packets-received'
  | 'retransmits'
  | 'out-of-order'
  | 'zero-windows'
  | 'resets'
  | 'rtt'
  | 'rtt-min'
  | 'jitter'
  | 'connect'
  | 'closing'
  | 'close-wait'
  | 'errno'
  | 'closed'
  | 'own'
  | 'tries';

export class FlowSum {
  /** In the tables of the recording; 0: the device had no number for it. */
  readonly id: number;
  /** undefined: its definition was lost. */
  readonly def: FlowDef | undefined;
  /** In the tables of the recording; 0 = not known. */
  thread = 0;
  /** Beginning of the first window with a row of it. */
  readonly firstSeenNs: number;
  private readonly values = new Float64Array(COLUMNS.length);

  constructor(id: number, def: FlowDef | undefined, firstSeenNs: number) {
    this.id = id;
    this.def = def;
    this.firstSeenNs = firstSeenNs;
  }

  add({ columns }: WindowSignal, row: number, tables: Tables): void {
    const { values } = this;
    for (let place = 0; place < COLUMNS.length; place++)
      values[place] = combined(COLUMNS[place]?.role, values[place] ?? 0, Number(columns[place]?.[row] ?? 0));
    this.thread = tables.thread(Number(columns[THREAD]?.[row] ?? 0)) || this.thread;
  }

  /** What is 0 is not known, but for sums. */
  of(value: FlowValue): number {
    return this.values[PLACES.get(value) ?? -1] ?? 0;
  }

  get bytes(): number {
    return this.of('sent') + this.of('received');
  }

  /** Of Sonde itself. */
  get isOwn(): boolean {
    return this.def?.isOwn === true || this.of('own') > 0;
  }

  get isClosed(): boolean {
    return this.of('closed') > 0;
  }

  /** '' where it has none. */
  get stateName(): string {
    return tcpStateName(this.isClosed ? TCP_STATE.closed : this.of('state'));
  }

  /** It never came about. */
  get hasFailed(): boolean {
    const { def, firstSeenNs, bytes } = this;
    return hasFailedToConnect({
      ...this.times,
      isOutgoing: def?.direction === 'out' && def.protocol === PROTOCOL_TCP,
      errno: this.of('errno'),
      bytes,
      rttNs: this.of('rtt'),
      firstSeenNs,
    });
  }

  /** null = not known. */
  get establishedNs(): number | null {
    return this.def?.protocol === PROTOCOL_TCP && !this.hasFailed ? establishedNs(this.times) : null;
  }

  private get times(): ConnectionTimes {
    const [connectNs, closingNs, closedNs] = [this.of('connect'), this.of('closing'), this.of('closed')];
    return { openedNs: this.def?.openedNs ?? 0, connectNs, closingNs, closedNs };
  }
}
