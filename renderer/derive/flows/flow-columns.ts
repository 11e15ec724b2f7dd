import type { Column, ProbeColumns, WindowAxis } from '../../store/model.ts';

/** What tables and pictures of flows are made from. A row is one flow that had traffic or changed its state in a window. */
export interface FlowColumns extends WindowAxis {
  readonly flow: Column;
  /** The owner's main thread; 0 = not known. */
  readonly thread: Column;
  /** Code of protocol/network; 0 = has none. */
  readonly state: Column;
  readonly sent: Column;
  readonly received: Column;
  readonly packetsSent: Column;
  readonly packetsReceived: Column;
  readonly retransmits: Column;
  readonly outOfOrder: Column;
  readonly zeroWindows: Column;
  readonly resets: Column;
  /** Smoothed; 0 = not known, as the next five. */
  readonly rttNs: Column;
  readonly rttMinNs: Column;
  readonly jitterNs: Column;
  readonly connectNs: Column;
  /** From the first FIN until it was closed; and how long of that only its own process had not closed it. */
  readonly closingNs: Column;
  readonly closeWaitNs: Column;
  /** Why it failed; 0 = it did not. */
  readonly errno: Column;
  /** When it ended; 0 = it has not. */
  readonly closedNs: Column;
  /** 1 where it was found to be Sonde's own, later than in its first row. */
  readonly own: Column;
  /** Connects that failed alike before a packet could leave; 0 = packets left. */
  readonly tries: Column;
}

const NOTHING = new Uint32Array(0);

/** The columns, found by what the probe's manifest says of them. */
export function flowColumns({ manifest, columns, ...axis }: ProbeColumns): FlowColumns {
  const first = (wanted: (spec: (typeof manifest.columns)[number]) => boolean) =>
    columns[manifest.columns.findIndex(wanted)] ?? NOTHING;
  const named = (wanted: string) => first(({ name }) => name === wanted);
  return {
    ...axis,
    flow: first(({ type, role }) => type === 'flow' && role === 'key'),
    thread: first(({ type }) => type === 'thread'),
    state: first(({ table }) => table === 'tcp-state'),
    sent: named('sent'),
    received: named('received'),
    packetsSent: named('packets-sent'),
    packetsReceived: named('packets-received'),
    retransmits: named('retransmits'),
    outOfOrder: named('out-of-order'),
    zeroWindows: named('zero-windows'),
    resets: named('resets'),
    rttNs: named('rtt'),
    rttMinNs: named('rtt-min'),
    jitterNs: named('jitter'),
    connectNs: named('connect'),
    closingNs: named('closing'),
    closeWaitNs: named('close-wait'),
    errno: first(({ table }) => table === 'errno'),
    closedNs: named('closed'),
    own: named('own'),
    tries: named('tries'),
  };
}
