/** What a record says, as zone files write it (RFC 1035, 3597, 9460). */
import { addressText } from '../../address.ts';
import { deviceText, hexText } from '../../text.ts';
import type { DnsReader } from './reader.ts';

/** Bytes of data that is not taken apart, and of one text, that are shown. */
const MAX_SHOWN_BYTES = 64;
const MAX_TEXT = 256;

const SVC_KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath'];

type Format = (data: DnsReader) => string;

const name: Format = (data) => data.name();

const FORMATS: Readonly<Record<number, Format>> = {
  1: (data) => addressText(data.slice(4)),
  2: name,
  5: name,
  6: soa,
  12: name,
  13: texts,
  15: (data) => `${data.u16()} ${data.name()}`,
  16: texts,
  28: (data) => addressText(data.slice(16)),
  33: (data) => `${data.u16()} ${data.u16()} ${data.u16()} ${data.name()}`,
  35: (data) => `${data.u16()} ${data.u16()} ${quoted(data)} ${quoted(data)} ${quoted(data)} ${data.name()}`,
  39: name,
  64: service,
  65: service,
  99: texts,
  257: (data) => `${data.u8()} ${deviceText(data.slice(data.u8()), MAX_TEXT)} ${bare(data)}`,
};

/** Moves over all of `data`. What cannot be read as its type comes as unknown data does: `\# 3 0a0b0c`. */
export function recordData(type: number, data: DnsReader): string {
  const begin = data.at;
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  const text = format?.(data);
  if (text !== undefined && data.flaw === 'none' && data.left === 0) return text;
  return unknown(data.bytes.subarray(begin, data.end));
}

function unknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return '\\# 0';
  const more = bytes.length > MAX_SHOWN_BYTES ? '…' : '';
  return `\\# ${bytes.length} ${hexText(bytes.subarray(0, MAX_SHOWN_BYTES))}${more}`;
}

function soa(data: DnsReader): string {
  const names = `${data.name()} ${data.name()}`;
  return `${names} ${[data.u32(), data.u32(), data.u32(), data.u32(), data.u32()].join(' ')}`;
}

function texts(data: DnsReader): string {
  const all: string[] = [];
  while (data.left > 0) all.push(quoted(data));
  return all.join(' ');
}

function quoted(data: DnsReader): string {
  return JSON.stringify(deviceText(data.slice(data.u8()), MAX_TEXT));
}

/** To the end. */
function bare(data: DnsReader): string {
  return JSON.stringify(deviceText(data.slice(data.left), MAX_TEXT));
}

function service(data: DnsReader): string {
  const words = [String(data.u16()), data.name()];
  while (data.left > 0) {
    const key = data.u16();
    const value = serviceValue(key, data.part(data.u16()));
    words.push(`${SVC_KEYS[key] ?? `key${key}`}${value === '' ? '' : `=${value}`}`);
  }
  return words.join(' ');
}

function serviceValue(key: number, data: DnsReader): string {
  switch (SVC_KEYS[key]) {
    case 'mandatory':
      return listOf(data, () => SVC_KEYS[data.u16()] ?? 'key');
    case 'alpn':
      return listOf(data, () => deviceText(data.slice(data.u8()), MAX_TEXT));
    case 'port':
      return String(data.u16());
    case 'ipv4hint':
      return listOf(data, () => addressText(data.slice(4)));
    case 'ipv6hint':
      return listOf(data, () => addressText(data.slice(16)));
    case 'dohpath':
      return deviceText(data.slice(data.left), MAX_TEXT);
    default:
      return hexText(data.slice(Math.min(data.left, MAX_SHOWN_BYTES)));
  }
}

function listOf(data: DnsReader, next: () => string): string {
  const all: string[] = [];
  while (data.left > 0) all.push(next());
  return all.join(',');
}
