// Rows of net-flows as the tests look at them.

import { viewOf } from '../../remote-agent/protocol/loader.ts';
import { type ReadRow, reader } from './loader-rows.ts';

export interface Flow {
  /** The 64 bytes: what two rows of one flow have in common. */
  id: string;
  cookie: bigint;
  openedNs: bigint;
  netns: bigint;
  local: string;
  remote: string;
  protocol: number;
  direction: 'unknown' | 'out' | 'in' | 'listening';
  isOthers: boolean;
  isOwn: boolean;
}

/** Of net-flows. */
export interface FlowRow {
  flow: Flow;
  tgid: number;
  comm: string;
  cgroup: bigint;
  state: number;
  errno: number;
  sent: number;
  received: number;
  packetsSent: number;
  packetsReceived: number;
  retransmits: number;
  outOfOrder: number;
  zeroWindows: number;
  resets: number;
  rtt: number;
  rttMin: number;
  jitter: number;
  connect: number;
  closing: number;
  closeWait: number;
  own: number;
  tries: number;
  closed: number;
}

const DIRECTIONS = ['unknown', 'out', 'in', 'listening'] as const;

function endOf(address: Uint8Array, port: number, family: number): string {
  if (family === 4) return `${address.subarray(0, 4).join('.')}:${port}`;
  return family === 6 ? `[${Buffer.from(address).toString('hex')}]:${port}` : '';
}

function readFlow(bytes: Uint8Array): Flow {
  const view = viewOf(bytes);
  const family = view.getUint8(60);
  const flags = view.getUint8(63);
  return {
    id: Buffer.from(bytes).toString('hex'),
    cookie: view.getBigUint64(0, true),
    openedNs: view.getBigUint64(8, true),
    netns: view.getBigUint64(16, true),
    local: endOf(bytes.subarray(24, 40), view.getUint16(56, true), family),
    remote: endOf(bytes.subarray(40, 56), view.getUint16(58, true), family),
    protocol: view.getUint8(61),
    direction: DIRECTIONS[view.getUint8(62)] ?? 'unknown',
    isOthers: (flags & 1) !== 0,
    isOwn: (flags & 2) !== 0,
  };
}

export const readFlowRow: ReadRow<FlowRow> = (bytes, fields) => {
  const { at, u32, u64, comm } = reader(bytes, fields);
  const number = (name: string) => Number(u64(name));
  return {
    flow: readFlow(bytes.subarray(at('flow'), at('flow') + 64)),
    tgid: u32('tgid'),
    comm: comm(),
    cgroup: u64('cgroup'),
    state: u32('state'),
    errno: u32('errno'),
    sent: number('sent'),
    received: number('received'),
    packetsSent: number('packets-sent'),
    packetsReceived: number('packets-received'),
    retransmits: number('retransmits'),
    outOfOrder: number('out-of-order'),
    zeroWindows: number('zero-windows'),
    resets: number('resets'),
    rtt: number('rtt'),
    rttMin: number('rtt-min'),
    jitter: number('jitter'),
    connect: number('connect'),
    closing: number('closing'),
    closeWait: number('close-wait'),
    own: u32('own'),
    tries: u32('tries'),
    closed: number('closed'),
  };
};
