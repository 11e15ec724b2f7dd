// Rows of the probes dns and net-drops as the tests look at them.

import { createHash } from 'node:crypto';
import { addressText, type DnsMessage, parseDns } from '../../remote-agent/protocol/index.ts';
import { viewOf } from '../../remote-agent/protocol/loader.ts';
import { type ReadRow, reader } from './loader-rows.ts';

const FLOW_BYTES = 64;
const KEPT_BYTES = 512;

export interface DnsRow {
  readonly tgid: number;
  readonly comm: string;
  readonly at: number;
  readonly isIncoming: boolean;
  readonly size: number;
  readonly message: DnsMessage;
  /** The same for rows of the same flow. */
  readonly flow: number;
  /** "127.0.0.1:40000 > 127.0.0.1:53", local end first. */
  readonly ends: string;
  /** enum wire_flow_direction */
  readonly direction: number;
}

export const readDns: ReadRow<DnsRow> = (bytes, fields) => {
  const { at, u8, u32, u64, comm } = reader(bytes, fields);
  const flow = bytes.subarray(at('flow'), at('flow') + FLOW_BYTES);
  const view = viewOf(flow);
  const family = view.getUint8(60);
  const end = (address: number, port: number) =>
    `${addressText(flow.subarray(address, address + (family === 4 ? 4 : 16)))}:${view.getUint16(port, true)}`;
  const size = Number(u64('size'));
  const message = parseDns(bytes.subarray(at('message'), at('message') + Math.min(size, KEPT_BYTES)), size);
  if (!message) throw new Error(`no DNS in ${size} bytes`);
  return {
    tgid: u32('tgid'),
    comm: comm(),
    at: Number(u64('at')),
    isIncoming: u8('incoming') === 1,
    size,
    message,
    flow: createHash('sha256').update(flow).digest().readUInt32LE(),
    ends: `${end(24, 56)} > ${end(40, 58)}`,
    direction: view.getUint8(62),
  };
};

export interface DropRow {
  readonly where: number;
  readonly cause: string;
  readonly packets: number;
}

export const readDrop: ReadRow<DropRow> = (bytes, fields) => {
  const { u32, u64, text } = reader(bytes, fields);
  return { where: u32('where'), cause: text('cause', 48), packets: Number(u64('packets')) };
};
