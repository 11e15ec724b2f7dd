/**
 * IP addresses as bytes (4 or 16, in network order) and as text. Text is canonical as RFC 5952 has it: equal addresses
 * are equal texts, so text can be a key.
 */
export const IPV4_LENGTH = 4;
export const IPV6_LENGTH = 16;

const GROUPS = 8;
/** ::ffff:0:0/96, whose last four bytes are an IPv4 address. */
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0xffff];

/** Of 4 or 16 bytes. */
export function addressText(bytes: Uint8Array): string {
  return bytes.length === IPV4_LENGTH ? bytes.join('.') : ipv6Text(groupsOf(bytes));
}

/** Of text as people and /etc/hosts write it, also not canonical; without a zone. null: it is no address. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function groupsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: GROUPS }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
}

function ipv6Text(groups: readonly number[]): string {
  if (MAPPED_PREFIX.every((group, i) => groups[i] === group)) return `::ffff:${dotted(groups.slice(6))}`;
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function dotted(groups: readonly number[]): string {
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}

/** The first of the longest. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < GROUPS; start++) {
    let end = start;
    while (end < GROUPS && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== IPV4_LENGTH) return null;
  // A leading zero is octal to some readers and decimal to others.
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 0xff)) return null;
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  const [head, tail] = halves.map(parseGroups);
  if (!head || tail === null || halves.length > 2) return null;
  const isShort = tail !== undefined;
  const given = head.length + (tail?.length ?? 0);
  if (isShort ? given >= GROUPS : given !== GROUPS) return null;
  const zeros = Array.from({ length: GROUPS - given }, () => 0);
  return Uint8Array.from([...head, ...zeros, ...(tail ?? [])].flatMap((group) => [group >> 8, group & 0xff]));
}

/** Groups on one side of "::"; the last two may be written as an IPv4 address. */
function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const ipv4 = i === parts.length - 1 ? parseIpv4(part) : null;
      if (!ipv4) return null;
      groups.push(...groupsOf(ipv4).slice(0, 2));
    }
  }
  return groups;
}
