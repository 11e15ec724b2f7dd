/**
 * Finds what is worth hiding inside of a text, whatever the text is: a command line, a path with a host in it, a note. In
 * doubt it is hidden. One pass, and every run of letters is looked at once: a device may send what it likes.
 */
import { parseAddress } from '../../remote-agent/protocol/index.ts';
import { looksLikeDomain } from './stand-in-domains.ts';

/** What becomes of each thing that is found. */
export interface Finds {
  address(text: string): string;
  mac(text: string): string;
  domain(text: string): string;
  user(name: string): string;
  /** With at least one slash. */
  path(text: string): string;
  /** Text in which nothing else was found. */
  words(text: string): string;
}

const URL = /[a-z][a-z\d+.-]*:\/\/[^\s"'<>]*/;
const MAC = /(?<![\da-f]|[\da-f]{2}[:-])[\da-f]{2}(?:[:-][\da-f]{2}){5}(?![\da-f:-])/;
/** Words with two colons at least; whether there is an address in them is seen then. */
const COLONS = /[\w.~+@%-]*(?::[\w.]*){2,}/;
const IPV4 = /(?<!\d|\d\.)(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d|\.in-addr)/;
const USER = /[\w.-]+@(?=[\w[])/;
const PATH = /[\w.~+@%-]*(?:\/[^\s/"'<>|;,()=[\]{}\\&$*?]*)+/;
const WORD = /[\w.~+@%-]+/;
const THINGS = new RegExp(
  [
    `(?<url>${URL.source})`,
    `(?<mac>${MAC.source})`,
    `(?<user>${USER.source})`,
    `(?<colons>${COLONS.source})`,
    `(?<ipv4>${IPV4.source})`,
    `(?<path>${PATH.source})`,
    `(?<word>${WORD.source})`,
  ].join('|'),
  'gi',
);
const EVERY_IPV4 = new RegExp(IPV4.source, 'g');
const EVERY_MAC = new RegExp(MAC.source, 'gi');
const AUTHORITY = /^([a-z][a-z\d+.-]*:\/\/)(?:([^/?#@\s]*)@)?(\[[^\]]*\]|[^/?#:]*)(.*)$/is;
/** Eight, and an empty one beside a double colon at an end. */
const ADDRESS_GROUPS = 9;
/** No word that means anything has more: it is left out. */
const MAX_GROUPS = 64;

export function scrub(text: string, finds: Finds): string {
  let out = '';
  let at = 0;
  for (const match of text.matchAll(THINGS)) {
    out += finds.words(text.slice(at, match.index)) + found(match, finds);
    at = match.index + match[0].length;
  }
  return out + finds.words(text.slice(at));
}

function found({ groups = {}, 0: all }: RegExpMatchArray, finds: Finds): string {
  const { url, mac, colons, ipv4, user, path } = groups;
  if (url) return ofUrl(url, finds);
  if (mac) return finds.mac(mac);
  if (colons) return ofColons(colons, finds);
  if (ipv4 && parseAddress(ipv4)) return finds.address(ipv4);
  if (user) return `${finds.user(user.slice(0, -1))}@`;
  if (path) return finds.path(path);
  return ofWord(all, finds);
}

/** "-hmqtt.acme.com": an option may stand right before its value. */
function ofWord(word: string, finds: Finds): string {
  const [dashes = ''] = /^-*/.exec(word) ?? [];
  const bare = word.slice(dashes.length);
  return looksLikeDomain(bare) ? dashes + finds.domain(bare) : plain(word, finds);
}

/** "v10.0.0.1", "lan-52:54:00:12:34:56" */
function plain(text: string, finds: Finds): string {
  const addressed = text
    .replace(EVERY_MAC, (mac) => finds.mac(mac))
    .replace(EVERY_IPV4, (ipv4) => (parseAddress(ipv4) ? finds.address(ipv4) : ipv4));
  return finds.words(addressed);
}

/** "2001:db8::1", "ip6:2001:db8::1", "fe80::1:", "10.0.0.9:80:80", "std::vector": the longest address in it. */
function ofColons(text: string, finds: Finds): string {
  // A sentence may end behind an address.
  const [, head = '', core = '', tail = ''] = /^(\.*)(.*?)(\.*)$/.exec(text) ?? [];
  return head + ofGroups(core.split(':'), finds) + tail;
}

function ofGroups(groups: readonly string[], finds: Finds): string {
  if (groups.length > MAX_GROUPS) return '…';
  for (let length = Math.min(groups.length, ADDRESS_GROUPS); length > 2; length--)
    for (let first = 0; first + length <= groups.length; first++) {
      const [glued, address] = addressIn(groups.slice(first, first + length));
      if (address === null) continue;
      const before = groups.slice(0, first).map((group) => `${plain(group, finds)}:`);
      const after = groups.slice(first + length).map((group) => `:${plain(group, finds)}`);
      return before.join('') + plain(glued, finds) + finds.address(address) + after.join('');
    }
  return groups.map((group) => ofWord(group, finds)).join(':');
}

/** An option may stand right before its value: "-h2001:db8::1". */
function addressIn([head = '', ...rest]: readonly string[]): readonly [glued: string, address: string | null] {
  for (const first of [head, /[\da-f]{1,4}$/i.exec(head)?.[0] ?? head]) {
    const address = [first, ...rest].join(':');
    if (address !== '::' && parseAddress(address)) return [head.slice(0, head.length - first.length), address];
  }
  return ['', null];
}

/** A password in it goes whatever is hidden otherwise: whoever hides anything does not want it to leave. */
function ofUrl(url: string, finds: Finds): string {
  const [, scheme = '', login, host = '', rest = ''] = AUTHORITY.exec(url) ?? [];
  const user = login === undefined ? '' : `${finds.user(login.replace(/:.*/s, ''))}@`;
  const [, port = '', path = ''] = /^(:\d*)?(.*)$/s.exec(rest) ?? [];
  const bare = host.replace(/^\[|\]$/g, '');
  const ofHost = parseAddress(bare) ? finds.address(bare) : bare === '' ? '' : finds.domain(bare);
  return `${scheme}${user}${host.startsWith('[') ? `[${ofHost}]` : ofHost}${port}${path === '' ? '' : finds.path(path)}`;
}
