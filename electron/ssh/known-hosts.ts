/** Reading of known_hosts lines. Pure: text in, entries and a verdict out. Format: sshd(8), SSH_KNOWN_HOSTS. */
import { createHmac } from 'node:crypto';
import { type HostKey, readHostKey } from './host-key.ts';

export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** Patterns as written, or one hashed name. */
  readonly names: readonly string[];
  readonly key: HostKey;
}

export type Verdict =
  | { readonly kind: 'known'; readonly entry: KnownHost }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly entries: readonly KnownHost[] }
  | { readonly kind: 'revoked'; readonly entry: KnownHost };

const HASHED = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/;

/** Lines that are no entries are skipped, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const entries: KnownHost[] = [];
  text.split('\n').forEach((raw, index) => {
    const fields = raw.trim().split(/\s+/);
    if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return;
    const marker = fields[0] === '@revoked' ? 'revoked' : fields[0] === '@cert-authority' ? 'cert-authority' : 'none';
    if (marker === 'none' && fields[0].startsWith('@')) return;
    const [names, algorithm, base64] = marker === 'none' ? fields : fields.slice(1);
    if (names === undefined || algorithm === undefined || base64 === undefined) return;
    const key = readHostKey(Buffer.from(base64, 'base64'));
    if (key && key.algorithm === algorithm)
      entries.push({ file, line: index + 1, marker, names: names.split(','), key });
  });
  return entries;
}

/** The name under which a host is filed: "box", or "[box]:2222" where the port is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export function judge(entries: readonly KnownHost[], name: string, key: HostKey): Verdict {
  const ours = entries.filter((entry) => namesHost(entry.names, name));
  const same = ours.filter((entry) => entry.key.blob.equals(key.blob));
  const revoked = same.find((entry) => entry.marker === 'revoked');
  if (revoked) return { kind: 'revoked', entry: revoked };
  const known = same.find((entry) => entry.marker === 'none');
  if (known) return { kind: 'known', entry: known };
  // A key of another type also counts as changed: its algorithm was preferred, so a device that still had it showed it.
  const plain = ours.filter((entry) => entry.marker === 'none');
  return plain.length > 0 ? { kind: 'changed', entries: plain } : { kind: 'unknown' };
}

/** Types of the keys on file for this host, for the order of algorithms. */
export function knownKeyTypes(entries: readonly KnownHost[], name: string): string[] {
  const types = entries
    .filter((entry) => entry.marker === 'none' && namesHost(entry.names, name))
    .map((entry) => entry.key.algorithm);
  return [...new Set(types)];
}

export function hasCertAuthority(entries: readonly KnownHost[], name: string): boolean {
  return entries.some((entry) => entry.marker === 'cert-authority' && namesHost(entry.names, name));
}

export interface ForgottenLines {
  readonly text: string;
  /** Line numbers from 1: gone, or without the name. */
  readonly removed: readonly number[];
  /** They name the host by a pattern or a mark, which may stand for others too. */
  readonly stayed: readonly number[];
}

/** The file without the plain entries of that host. A line that names others too loses only the name. */
export function forgetIn(text: string, name: string): ForgottenLines {
  const removed: number[] = [];
  const stayed: number[] = [];
  const lines = text.split('\n').flatMap((raw, index) => {
    const [entry] = parseKnownHosts(raw, '');
    if (!entry || !namesHost(entry.names, name)) return [raw];
    const others = entry.names.filter((each) => !isExactly(each, name));
    if (entry.marker !== 'none' || others.length === entry.names.length) {
      stayed.push(index + 1);
      return [raw];
    }
    removed.push(index + 1);
    return others.length === 0 ? [] : [raw.replace(/\S+/, () => others.join(','))];
  });
  return { text: lines.join('\n'), removed, stayed };
}

function isExactly(pattern: string, name: string): boolean {
  return !/[*?!]/.test(pattern) && matchesPattern(pattern, name);
}

/** A negated pattern that matches overrules all others. */
function namesHost(patterns: readonly string[], name: string): boolean {
  let named = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (matchesPattern(pattern, name)) named = true;
  }
  return named;
}

function matchesPattern(pattern: string, name: string): boolean {
  const hashed = HASHED.exec(pattern);
  if (hashed) return hashName(name, Buffer.from(hashed[1] ?? '', 'base64')) === pattern;
  return wildcard(pattern.toLowerCase()).test(name);
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}

/** "|1|salt|hash": HMAC-SHA1 of the name under the salt. */
export function hashName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
