/**
 * Domain names that stand for others: "mqtt.cloud.acme.com" becomes "name-3.name-2.name-1.example". As many labels as
 * before, and names of one zone stay in one zone.
 */
import { parseAddress } from '../../remote-agent/protocol/index.ts';
import { Numbers } from './numbers.ts';
import type { StandInAddresses } from './stand-in-addresses.ts';

/** What names of every network end in or consist of, and says nothing of anybody. */
const KEPT_TOPS: ReadonlySet<string> = new Set(['arpa', 'local', 'localhost', 'invalid']);
const KEPT: ReadonlySet<string> = new Set([
  '',
  '.',
  'localhost',
  'ip6-localhost',
  'ip6-loopback',
  'localhost.localdomain',
]);
const KEPT_LABELS: ReadonlySet<string> = new Set(['_tcp', '_udp', 'www']);
const IPV4_ZONE = /^((?:\d{1,3}\.){3}\d{1,3})\.in-addr\.arpa$/;
const IPV6_ZONE = /^((?:[\da-f]\.){31}[\da-f])\.ip6\.arpa$/;

export class StandInDomains {
  private readonly zones = new Numbers();
  private readonly hosts = new Numbers();
  private readonly addresses: StandInAddresses;

  constructor(addresses: StandInAddresses) {
    this.addresses = addresses;
  }

  /** Names that differ in upper and lower case only are one name. */
  of(name: string): string {
    const key = name.replace(/\.$/, '').toLowerCase();
    if (KEPT.has(key)) return name;
    const reverse = this.ofReverse(key);
    if (reverse !== null) return reverse;
    // "\." is a dot inside of a label.
    const labels = key.split(/(?<!\\)\./);
    if (labels.length === 1) return `host-${this.hosts.of(key)}`;
    const isPublic = !KEPT_TOPS.has(labels.at(-1) ?? '');
    return labels.map((label, i) => this.label(label, labels.slice(i), isPublic)).join('.');
  }

  private label(label: string, zone: readonly string[], isPublic: boolean): string {
    if (zone.length === 1) return isPublic ? 'example' : label;
    return KEPT_LABELS.has(label) ? label : `name-${this.zones.of(zone.join('.'))}`;
  }

  /** The name by which an address is asked for its name has the address in it. */
  private ofReverse(key: string): string | null {
    const [, ipv4] = IPV4_ZONE.exec(key) ?? [];
    if (ipv4 !== undefined) {
      const bytes = parseAddress(ipv4.split('.').toReversed().join('.'));
      return bytes && `${[...this.addresses.ofBytes(bytes)].toReversed().join('.')}.in-addr.arpa`;
    }
    const [, ipv6] = IPV6_ZONE.exec(key) ?? [];
    if (ipv6 === undefined) return null;
    const digits = ipv6.split('.').toReversed().join('');
    const stand = this.addresses.ofBytes(
      Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    );
    const hex = [...stand].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${[...hex].toReversed().join('.')}.ip6.arpa`;
  }
}

const TOPS = new Set(
  'com net org example test edu gov mil int io dev app cloud info biz local lan internal intranet home corp localdomain arpa eu de at ch fr it es nl be uk us ca au jp cn in br ru pl cz se no fi dk ie pt gr hu ro sk si hr lu li kr tw sg hk nz za mx ar cl tr ua il ae tv me co ai xyz online site tech store'.split(
    ' ',
  ),
);
const LABELS = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62}))(?:\.[a-z0-9_-]{1,63})+\.?$/i;

/** Whether a word in a text is a domain name, as far as its form says so. A file's ending is no top-level domain. */
export function looksLikeDomain(word: string): boolean {
  if (!LABELS.test(word)) return false;
  return TOPS.has(word.replace(/\.$/, '').split('.').at(-1)?.toLowerCase() ?? '');
}
