/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian:
 *
 *      ┌──────┬────────┬──────────┬──────────┬────────┐
 *      │ type │ length │ body     │ options  │ length │      everything padded to 4 bytes
 *      └──────┴────────┴──────────┴──────────┴────────┘
 *
 * Section header first, an interface before its first packet, statistics of each interface last. Whole blocks make a
 * valid file, wherever it ends.
 */
const BLOCK = { section: 0x0a0d0d0a, interface: 1, statistics: 5, packet: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const END_OF_OPTIONS = 0;
const COMMENT = 1;
const SECTION = { hardware: 2, os: 3, application: 4 } as const;
const INTERFACE = { name: 2, resolution: 9, filter: 11, os: 12 } as const;
const PACKET = { flags: 2 } as const;
const STATISTICS = { start: 2, end: 3, accepted: 6, lostBySystem: 7, delivered: 8 } as const;
/** 10^-9 s. */
const NANOSECONDS = 9;
/** In front of a filter: it is text in pcap syntax. */
const FILTER_TEXT = 0;
/** Type and both lengths. */
const FRAME_BYTES = 12;
const OPTION_BYTES = 4;
const MAX_OPTION_BYTES = 0xffff;

type Option = readonly [code: number, value: string | Uint8Array | bigint];

export interface SectionFacts {
  readonly hardware: string;
  readonly os: string;
  readonly application: string;
  readonly comment: string;
}

export function sectionBlock({ hardware, os, application, comment }: SectionFacts): Buffer {
  const body = Buffer.alloc(16, 0xff); // length of the section: not known
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  return block(BLOCK.section, body, [
    [SECTION.hardware, hardware],
    [SECTION.os, os],
    [SECTION.application, application],
    [COMMENT, comment],
  ]);
}

export interface InterfaceFacts {
  readonly linkType: number;
  readonly snapBytes: number;
  readonly name: string;
  readonly filter: string;
  readonly os: string;
}

export function interfaceBlock({ linkType, snapBytes, name, filter, os }: InterfaceFacts): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(linkType, 0);
  body.writeUInt32LE(snapBytes, 4);
  const filterValue = filter === '' ? '' : Buffer.concat([Uint8Array.of(FILTER_TEXT), Buffer.from(filter)]);
  return block(BLOCK.interface, body, [
    [INTERFACE.name, name],
    [INTERFACE.resolution, Uint8Array.of(NANOSECONDS)],
    [INTERFACE.filter, filterValue],
    [INTERFACE.os, os],
  ]);
}

export interface PacketFacts {
  readonly interface: number;
  readonly timeHigh: number;
  readonly timeLow: number;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  /** epb_flags: direction and kind of address. */
  readonly flags: number;
  readonly comment: string;
}

export function packetBlock(packet: PacketFacts): Buffer {
  const body = Buffer.alloc(20 + padded(packet.bytes.length));
  body.writeUInt32LE(packet.interface, 0);
  body.writeUInt32LE(packet.timeHigh, 4);
  body.writeUInt32LE(packet.timeLow, 8);
  body.writeUInt32LE(packet.bytes.length, 12);
  body.writeUInt32LE(packet.originalLength, 16);
  body.set(packet.bytes, 20);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(packet.flags);
  return block(BLOCK.packet, body, [
    [PACKET.flags, flags],
    [COMMENT, packet.comment],
  ]);
}

export interface StatisticsFacts {
  readonly interface: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly accepted: number;
  readonly lostBySystem: number;
  readonly delivered: number;
  readonly comment: string;
}

export function statisticsBlock(facts: StatisticsFacts): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt32LE(facts.interface, 0);
  timestamp(facts.endNs).copy(body, 4);
  return block(BLOCK.statistics, body, [
    [STATISTICS.start, timestamp(facts.startNs)],
    [STATISTICS.end, timestamp(facts.endNs)],
    [STATISTICS.accepted, BigInt(facts.accepted)],
    [STATISTICS.lostBySystem, BigInt(facts.lostBySystem)],
    [STATISTICS.delivered, BigInt(facts.delivered)],
    [COMMENT, facts.comment],
  ]);
}

function timestamp(ns: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(Number((ns >> 32n) & 0xffff_ffffn), 0);
  bytes.writeUInt32LE(Number(ns & 0xffff_ffffn), 4);
  return bytes;
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Buffer {
  const encoded = encodeOptions(options);
  const length = FRAME_BYTES + body.length + encoded.length;
  const whole = Buffer.alloc(length);
  whole.writeUInt32LE(type, 0);
  whole.writeUInt32LE(length, 4);
  whole.set(body, 8);
  whole.set(encoded, 8 + body.length);
  whole.writeUInt32LE(length, length - 4);
  return whole;
}

/** What is empty is left out. */
function encodeOptions(options: readonly Option[]): Buffer {
  const values = options.map(([code, value]) => [code, valueBytes(value)] as const);
  const given = values.filter(([, bytes]) => bytes.length > 0);
  const total = given.reduce((sum, [, bytes]) => sum + OPTION_BYTES + padded(bytes.length), OPTION_BYTES);
  const encoded = Buffer.alloc(total);
  let at = 0;
  for (const [code, bytes] of given) {
    encoded.writeUInt16LE(code, at);
    encoded.writeUInt16LE(bytes.length, at + 2);
    encoded.set(bytes, at + OPTION_BYTES);
    at += OPTION_BYTES + padded(bytes.length);
  }
  encoded.writeUInt16LE(END_OF_OPTIONS, at);
  return encoded;
}

function valueBytes(value: Option[1]): Uint8Array {
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  }
  return typeof value === 'string' ? textBytes(value) : value;
}

/** Cut between characters where it does not fit. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.min(MAX_OPTION_BYTES, text.length * 3));
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written);
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
