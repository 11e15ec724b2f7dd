/** Rows of one flow added up, as the probe's manifest says. */
import {
  combined,
  findProbe,
  type FlowDef,
  type ProbeManifest,
  TCP_STATE,
  tcpStateName,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import type { Tables } from '../tables.ts';

export const FLOWS_PROBE = 'net-flows';
const { columns: COLUMNS } = findProbe(FLOWS_PROBE) as ProbeManifest;
const PLACES = new Map(COLUMNS.map(({ name }, place) => [name, place]));
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
  | 'errno'
  | 'closed';

export class FlowSum {
  /** In the tables of the recording; 0: the device had no number for it. */
  readonly id: number;
  /** undefined: its definition was lost. */
  readonly def: FlowDef | undefined;
  /** In the tables of the recording; 0 = not known. */
  thread = 0;
  private readonly values = new Float64Array(COLUMNS.length);

  constructor(id: number, def: FlowDef | undefined) {
    this.id = id;
    this.def = def;
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

  get isClosed(): boolean {
    return this.of('closed') > 0;
  }

  /** '' where it has none. */
  get stateName(): string {
    return tcpStateName(this.isClosed ? TCP_STATE.closed : this.of('state'));
  }

  /** It never came about. */
  get hasFailed(): boolean {
    return this.of('errno') > 0 && this.of('connect') === 0 && this.bytes === 0;
  }
}
