/**
 * Addresses that stand for others. Which share a network before share one after: IPv4 to /16 and /24, IPv6 to /48 and /64.
 *
 *      private IPv4    10.a.b.c          public IPv4    240…255.a.b.c, which belong to nobody
 *      local IPv6      fd00:0:a:b::c     public IPv6    2001:db8:a:b::c, which is for documentation
 *
 * The parts are numbers in the order in which networks and hosts first come, so nothing of an address can be calculated
 * back. What says nothing of anybody stays: loopback, the unspecified and broadcast addresses, well-known groups.
 */
import { addressText, IPV4_LENGTH, parseAddress } from '../../remote-agent/protocol/index.ts';
import { Numbers } from './numbers.ts';

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const NAT64 = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];
/** Groups below are assigned by IANA: mDNS, routers, DHCP … */
const KNOWN_GROUPS = 0x200;
/** The last host of a /24 stays: it is its broadcast address. */
const HOSTS = 254;

export class StandInAddresses {
  private readonly numbers = new Map<string, Numbers>();

  /** Of canonical or other text; null: it is no address. */
  of(text: string): string | null {
    const bytes = parseAddress(text);
    return bytes && addressText(this.ofBytes(bytes));
  }

  ofBytes(bytes: Uint8Array): Uint8Array {
    return bytes.length === IPV4_LENGTH ? this.ipv4(bytes) : this.ipv6(bytes);
  }

  ofMac(text: string): string {
    const number = this.number('mac', text.toLowerCase().replaceAll('-', ':'));
    const hex = number.toString(16).padStart(6, '0');
    return `02:00:00:${hex.slice(-6, -4)}:${hex.slice(-4, -2)}:${hex.slice(-2)}`;
  }

  private ipv4(bytes: Uint8Array): Uint8Array {
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    if (a === 0 || a === 127 || bytes.every((byte) => byte === 255)) return bytes;
    if (a >= 224 && a < 240) return this.group4(bytes);
    if (a === 169 && b === 254) return Uint8Array.of(169, 254, this.number('169.254', `${c}`) & 255, this.host(bytes));
    const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
    const wide = isPrivate ? 'private' : 'public';
    const first = this.number(wide, `${a}.${b}`) - 1;
    const second = this.number(`${a}.${b}`, `${c}`) - 1;
    // 255 private and 4096 public networks of this size; what comes beyond shares their numbers.
    const head = isPrivate ? [10, 1 + (first % 255)] : [240 + ((first >> 8) & 15), first & 255];
    return Uint8Array.of(...head, second & 255, d === 0 || d === 255 ? d : this.host(bytes));
  }

  private host(bytes: Uint8Array): number {
    return 1 + ((this.number(bytes.subarray(0, 3).join('.'), `${bytes[3]}`) - 1) % HOSTS);
  }

  private group4(bytes: Uint8Array): Uint8Array {
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    const isKnown = (a === 224 && b === 0 && c === 0) || (a === 239 && b === 255 && c === 255 && d === 250);
    if (isKnown) return bytes;
    const number = this.number('group4', bytes.join('.'));
    return Uint8Array.of(239, (number >> 16) & 255, (number >> 8) & 255, number & 255);
  }

  private ipv6(bytes: Uint8Array): Uint8Array {
    if (bytes.subarray(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1) return bytes;
    for (const prefix of [MAPPED, NAT64])
      if (prefix.every((byte, i) => bytes[i] === byte))
        return Uint8Array.of(...prefix, ...this.ipv4(bytes.subarray(12)));
    const [a = 0, b = 0] = bytes;
    if (a === 0xff) return this.group6(bytes);
    if (a === 0xfe && (b & 0xc0) === 0x80) return joined([0xfe, 0x80, 0, 0, 0, 0, 0, 0], this.interfaceOf(bytes));
    const isLocal = (a & 0xfe) === 0xfc;
    const site = this.number(isLocal ? 'local6' : 'public6', bytes.subarray(0, 6).join('.'));
    const net = this.number(bytes.subarray(0, 6).join('.'), bytes.subarray(6, 8).join('.'));
    const head = isLocal ? [0xfd, 0, 0, 0] : [0x20, 0x01, 0x0d, 0xb8];
    return joined([...head, (site >> 8) & 255, site & 255, (net >> 8) & 255, net & 255], this.interfaceOf(bytes));
  }

  private interfaceOf(bytes: Uint8Array): number {
    return this.number(bytes.subarray(0, 8).join('.'), bytes.subarray(8).join('.'));
  }

  private group6(bytes: Uint8Array): Uint8Array {
    const known = bytes.subarray(2, 14).every((byte) => byte === 0);
    if (known && ((bytes[14] ?? 0) << 8) + (bytes[15] ?? 0) < KNOWN_GROUPS) return bytes;
    return joined([0xff, bytes[1] ?? 0, 0, 0, 0, 0, 0, 1], this.number('group6', bytes.join('.')));
  }

  private number(within: string, text: string): number {
    let numbers = this.numbers.get(within);
    if (!numbers) this.numbers.set(within, (numbers = new Numbers()));
    return numbers.of(text);
  }
}

/** `head` of 8 bytes, then the number in 8 bytes. */
function joined(head: readonly number[], number: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(head);
  new DataView(bytes.buffer).setUint32(12, number);
  return bytes;
}
