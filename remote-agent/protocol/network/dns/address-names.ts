/** Names of addresses, as the box itself was told them. */
import { addressText } from '../../address.ts';
import type { AddressName } from '../../signal.ts';
import type { DnsMessage, DnsRecord } from './message.ts';
import { DNS_TYPE } from './words.ts';

const IPV4_ZONE = '.in-addr.arpa';
const IPV6_ZONE = '.ip6.arpa';

/** DNS tells no upper from lower case, of ASCII letters. */
export function dnsNameKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Of an answer that nobody asked for, whoever sent it may say anything: give this only answers that belong to a query.
 * An address gets the name that was asked for, not the one that it leads to over CNAMEs.
 */
export function addressNames(message: DnsMessage): AddressName[] {
  if (!message.isResponse || message.code !== 0) return [];
  const asked = askedNames(message);
  return message.answers.flatMap((record) => {
    const found = nameOf(record, asked);
    return found && found.name !== '.' ? [{ ...found, source: 'dns' as const }] : [];
  });
}

function nameOf(record: DnsRecord, asked: ReadonlyMap<string, string>): { address: string; name: string } | null {
  switch (record.type) {
    case DNS_TYPE.A:
    case DNS_TYPE.AAAA:
      // Data that is no address starts with a backslash.
      if (record.data.startsWith('\\')) return null;
      return { address: record.data, name: asked.get(dnsNameKey(record.name)) ?? record.name };
    case DNS_TYPE.PTR: {
      const address = reverseAddress(dnsNameKey(record.name));
      return address === null || record.data.startsWith('\\#') ? null : { address, name: record.data };
    }
    default:
      return null;
  }
}

/** Every name that a question leads to over CNAMEs → the name in the question. Servers may list CNAMEs in any order. */
function askedNames({ questions, answers }: DnsMessage): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { type, name, data } of answers)
    if (type === DNS_TYPE.CNAME) aliases.set(dnsNameKey(name), dnsNameKey(data));
  const asked = new Map<string, string>();
  for (const { name } of questions) {
    let at: string | undefined = dnsNameKey(name);
    while (at !== undefined && !asked.has(at)) {
      asked.set(at, name);
      at = aliases.get(at);
    }
  }
  return asked;
}

/** "15.2.0.10.in-addr.arpa" → "10.0.2.15"; null where it is no address's name. */
function reverseAddress(name: string): string | null {
  const bytes = reverseBytes(name);
  return bytes && addressText(Uint8Array.from(bytes));
}

function reverseBytes(name: string): number[] | null {
  if (name.endsWith(IPV4_ZONE)) {
    const parts = name.slice(0, -IPV4_ZONE.length).split('.').toReversed();
    return parts.length === 4 && parts.every(isByte) ? parts.map(Number) : null;
  }
  if (!name.endsWith(IPV6_ZONE)) return null;
  const digits = name.slice(0, -IPV6_ZONE.length).split('.').toReversed();
  if (digits.length !== 32 || !digits.every((digit) => /^[0-9a-f]$/.test(digit))) return null;
  return Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2).join(''), 16));
}

function isByte(text: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;
}
