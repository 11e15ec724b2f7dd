/**
 * A DNS message (RFC 1035, 6891) out of a datagram. Bytes may be hostile or end early: what can be read is given, and
 * what stopped the reading is told. Nothing raises.
 */
import { deviceText } from '../../text.ts';
import { type DnsFlaw, DnsReader } from './reader.ts';
import { recordData } from './record-data.ts';
import { DNS_TYPE } from './words.ts';

/** As much of a message as the probe `dns` copies; bpf/probes/dns/dns.h has the same. */
export const DNS_KEPT_BYTES = 512;
const HEADER_BYTES = 12;
/** No datagram is longer. */
const MAX_MESSAGE_BYTES = 65535;
const MAX_TEXT = 256;
const EXTENDED_ERROR = 15;

export interface DnsQuestion {
  /** As asked, in its own upper and lower case: servers repeat that. */
  readonly name: string;
  readonly type: number;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  readonly ttlS: number;
  /** As zone files write it: "10.0.0.1", "10 mail.example.com". Of A and AAAA a canonical address. */
  readonly data: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  /** 0 = query, 4 = notify, 5 = update. */
  readonly opcode: number;
  readonly isAuthoritative: boolean;
  /** The server had more to say than fits in a datagram; the asker then asks over TCP. */
  readonly isTruncated: boolean;
  /** Of a response; with the upper bits that EDNS adds. */
  readonly code: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  /** What a server adds to its code, in its own words (RFC 8914); null = nothing. */
  readonly extendedError: { readonly code: number; readonly text: string } | null;
  /** Why there may be less here than the message's own counts say. */
  readonly flaw: DnsFlaw;
}

interface Extras {
  codeBits: number;
  error: DnsMessage['extendedError'];
}

/**
 * @param bytes the message's beginning; zeros at its end may be missing
 * @param size bytes the message had, and `kept` how many of them were copied at most
 * @returns null where there is not even a header: it is no DNS
 */
export function parseDns(bytes: Uint8Array, size: number, kept = DNS_KEPT_BYTES): DnsMessage | null {
  const whole = Math.min(Math.max(size, bytes.length), MAX_MESSAGE_BYTES);
  if (whole < HEADER_BYTES) return null;
  const reader = new DnsReader(withZeros(bytes, Math.min(whole, Math.max(kept, bytes.length))), whole <= kept);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  const extras: Extras = { codeBits: 0, error: null };
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    isAuthoritative: (flags & 0x0400) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    questions: questions(reader, counts[0]),
    answers: records(reader, counts[1], extras),
    authorities: records(reader, counts[2], extras),
    additionals: records(reader, counts[3], extras),
    code: (flags & 0xf) | (extras.codeBits << 4),
    extendedError: extras.error,
    flaw: reader.flaw,
  };
}

function withZeros(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes;
  const filled = new Uint8Array(length);
  filled.set(bytes);
  return filled;
}

function questions(reader: DnsReader, count: number): DnsQuestion[] {
  const all: DnsQuestion[] = [];
  for (let i = 0; i < count; i++) {
    const name = reader.name();
    const type = reader.u16();
    reader.u16(); // class
    if (reader.flaw !== 'none') break;
    all.push({ name, type });
  }
  return all;
}

function records(reader: DnsReader, count: number, extras: Extras): DnsRecord[] {
  const all: DnsRecord[] = [];
  for (let i = 0; i < count; i++) {
    const name = reader.name();
    const type = reader.u16();
    reader.u16(); // class, or what EDNS puts there
    const ttlS = reader.u32();
    const data = reader.part(reader.u16());
    if (reader.flaw !== 'none') break;
    if (type === DNS_TYPE.OPT) readOptions(data, ttlS, extras);
    else all.push({ name, type, ttlS, data: recordData(type, data) });
  }
  return all;
}

/** EDNS travels as a record whose time to live is no time. */
function readOptions(data: DnsReader, ttl: number, extras: Extras): void {
  extras.codeBits = Math.floor(ttl / 2 ** 24);
  while (data.left > 0) {
    const option = data.u16();
    const value = data.part(data.u16());
    if (option !== EXTENDED_ERROR || value.left < 2) continue;
    const code = value.u16();
    extras.error = { code, text: deviceText(value.slice(value.left), MAX_TEXT) };
  }
}
