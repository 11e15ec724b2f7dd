/**
 * The workstation's side of bpf/capture/capture_wire.h: what each message of `loader capture` holds. The numbers here are
 * those of the header; `loader describe` prints them and a test holds the two together. Everything is checked here.
 */
import {
  addressText,
  deviceText,
  type Fault,
  parseWireFault,
  raise,
  TEXT,
  viewOf,
  WIRE,
  type WireMessage,
} from '../../remote-agent/protocol/index.ts';
import { SNAP_BYTES } from './request.ts';

export const CAPTURE_WIRE_VERSION = 1;
export const CAPTURE_WIRE = { begin: 32, interface: 33, process: 34, packets: 35, counters: 36, end: 37 } as const;
export const CAPTURE_SIZES = { begin: 72, interface: 28, process: 20, packet: 32, counters: 48, end: 4 } as const;

const NAME_OFFSET = 12;
const COMM_OFFSET = 4;
const OWN_REMOTE_OFFSET = 48;
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 4: 4, 6: 16 };

export const LINK_TYPES = { ethernet: 1, cooked: 276 } as const;
export type LinkType = (typeof LINK_TYPES)[keyof typeof LINK_TYPES];

/** What was taken of a packet, and a link layer's header and a VLAN tag in front of it. */
const MAX_PACKET_BYTES = SNAP_BYTES.max + 64;
/** A million packets a second for thirty years; sums of them are still exact. */
const MAX_COUNT = 10n ** 15n;

export const PACKET_TYPES = { host: 0, broadcast: 1, multicast: 2, otherHost: 3, outgoing: 4 } as const;

export interface CaptureBegin {
  readonly kind: 'begin';
  readonly snapBytes: number;
  /** The device's wall clock, since 1970. */
  readonly realtimeNs: bigint;
  readonly monotonicNs: bigint;
  readonly ringBytes: number;
  /** Sonde's own connection, which is left out: the workstation's end of it as the device sees it; null = nothing is. */
  readonly own: { readonly address: string; readonly port: number } | null;
}

export interface CaptureInterface {
  readonly kind: 'interface';
  /** Of this capture, counted from 0. */
  readonly id: number;
  readonly linkType: LinkType;
  readonly name: string;
}

export interface CaptureProcess {
  readonly kind: 'process';
  readonly pid: number;
  readonly comm: string;
}

/** One packet; `bytes` is a view that lives until the next message. */
export interface CapturePacket {
  /** The two halves of nanoseconds since 1970, as pcapng has them. */
  readonly timeHigh: number;
  readonly timeLow: number;
  readonly interface: number;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  /** pid; 0 = not of the device, or not known. */
  readonly sender: number;
  readonly receiver: number;
  /** One of PACKET_TYPES, or what a later kernel made up. */
  readonly type: number;
}

/** seen = kept + own + lostRing + lostRateLimit */
export interface CaptureCounters {
  readonly kind: 'counters';
  readonly realtimeNs: bigint;
  readonly seen: number;
  readonly kept: number;
  /** Of Sonde's own connection, recognised only after the filter. */
  readonly own: number;
  readonly lostRing: number;
  readonly lostRateLimit: number;
}

export const CAPTURE_ENDS = ['asked', 'interface-gone'] as const;

export type CaptureMessage =
  | CaptureBegin
  | CaptureInterface
  | CaptureProcess
  | { readonly kind: 'packets'; readonly packets: readonly CapturePacket[] }
  | CaptureCounters
  | { readonly kind: 'end'; readonly how: (typeof CAPTURE_ENDS)[number] }
  | { readonly kind: 'fault'; readonly fault: Fault };

export function parseCaptureMessage({ type, payload }: WireMessage): CaptureMessage {
  switch (type) {
    case CAPTURE_WIRE.begin:
      return parseBegin(sized(payload, 'begin'), payload);
    case CAPTURE_WIRE.interface:
      return parseInterface(sized(payload, 'interface'), payload);
    case CAPTURE_WIRE.process:
      return { kind: 'process', pid: sized(payload, 'process').getUint32(0, true), comm: textAt(payload, COMM_OFFSET) };
    case CAPTURE_WIRE.packets:
      return { kind: 'packets', packets: [...packetsOf(payload)] };
    case CAPTURE_WIRE.counters:
      return parseCounters(sized(payload, 'counters'));
    case CAPTURE_WIRE.end:
      return parseEnd(sized(payload, 'end'));
    case WIRE.fault: {
      const { probe: _none, ...fault } = parseWireFault(payload, '');
      return { kind: 'fault', fault };
    }
    default:
      return outOfSync(`there is no message of type ${type}`);
  }
}

function parseBegin(view: DataView, payload: Uint8Array): CaptureBegin {
  const version = view.getUint32(0, true);
  if (version !== CAPTURE_WIRE_VERSION)
    raise('agent-version', `cannot capture: the loader speaks version ${version} instead of ${CAPTURE_WIRE_VERSION}`);
  const snapBytes = view.getUint32(4, true);
  if (snapBytes > SNAP_BYTES.max) outOfSync(`it takes ${snapBytes} bytes of a packet`);
  const length = ADDRESS_LENGTHS[view.getUint8(64)];
  const own =
    length === undefined
      ? null
      : {
          address: addressText(payload.subarray(OWN_REMOTE_OFFSET, OWN_REMOTE_OFFSET + length)),
          port: view.getUint16(30, true),
        };
  return {
    kind: 'begin',
    snapBytes,
    realtimeNs: view.getBigUint64(8, true),
    monotonicNs: view.getBigUint64(16, true),
    ringBytes: view.getUint32(24, true),
    own,
  };
}

function parseInterface(view: DataView, payload: Uint8Array): CaptureInterface {
  const linkType = Object.values(LINK_TYPES).find((known) => known === view.getUint16(8, true));
  if (linkType === undefined) return outOfSync(`an interface has link type ${view.getUint16(8, true)}`);
  return { kind: 'interface', id: view.getUint32(0, true), linkType, name: textAt(payload, NAME_OFFSET) };
}

function* packetsOf(payload: Uint8Array): Generator<CapturePacket> {
  const view = viewOf(payload);
  for (let at = 0; at < payload.length; ) {
    const start = at + CAPTURE_SIZES.packet;
    if (start > payload.length) outOfSync('a packet is cut');
    const length = view.getUint32(at + 12, true);
    if (length > payload.length - start) outOfSync(`a packet claims to have ${length} bytes`);
    const originalLength = view.getUint32(at + 16, true);
    // Readers of the file give up on all of it for one packet like that.
    if (length > MAX_PACKET_BYTES || length > originalLength)
      outOfSync(`${length} bytes are of a packet of ${originalLength}`);
    yield {
      timeLow: view.getUint32(at, true),
      timeHigh: view.getUint32(at + 4, true),
      interface: view.getUint32(at + 8, true),
      bytes: payload.subarray(start, start + length),
      originalLength,
      sender: view.getUint32(at + 20, true),
      receiver: view.getUint32(at + 24, true),
      type: view.getUint8(at + 28),
    };
    at = start + length;
  }
}

function parseCounters(view: DataView): CaptureCounters {
  const field = (index: number): number => {
    const count = view.getBigUint64(index * 8, true);
    return count <= MAX_COUNT ? Number(count) : outOfSync(`it counts ${count} packets`);
  };
  const [seen, kept, own, lostRing, lostRateLimit] = [field(1), field(2), field(3), field(4), field(5)];
  if (seen !== kept + own + lostRing + lostRateLimit)
    outOfSync(`${seen} packets were seen and ${kept + own + lostRing + lostRateLimit} accounted for`);
  return { kind: 'counters', realtimeNs: view.getBigUint64(0, true), seen, kept, own, lostRing, lostRateLimit };
}

function parseEnd(view: DataView): CaptureMessage {
  const how = CAPTURE_ENDS[view.getUint32(0, true)];
  return how === undefined ? outOfSync('it ended in an unknown way') : { kind: 'end', how };
}

/** A name of the kernel's: up to 16 bytes, or up to the first 0. */
function textAt(payload: Uint8Array, offset: number): string {
  const bytes = payload.subarray(offset, offset + 16);
  const end = bytes.indexOf(0);
  return deviceText(end < 0 ? bytes : bytes.subarray(0, end), TEXT.comm);
}

function sized(payload: Uint8Array, what: keyof typeof CAPTURE_SIZES): DataView {
  if (payload.length !== CAPTURE_SIZES[what])
    outOfSync(`${what} has ${payload.length} bytes instead of ${CAPTURE_SIZES[what]}`);
  return viewOf(payload);
}

function outOfSync(why: string): never {
  return raise('out-of-sync', `cannot understand what the device captures: ${why}`);
}
