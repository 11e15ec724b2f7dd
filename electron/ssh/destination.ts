/** `[user@]host[:port]`, IPv6 in brackets or alone, `ssh://` tolerated. */
import { raise } from '../../remote-agent/protocol/fault.ts';

export interface Destination {
  /** null = not said: the configuration or the local user decides. */
  readonly user: string | null;
  /** As typed: a name, an address without brackets, or a Host of the configuration. */
  readonly host: string;
  readonly port: number | null;
}

const SHAPE = /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::(.*))?$/;
/** Nothing that a shell, a log or a known-hosts line could misread. */
const SAFE_HOST = /^[^\s,;'"\\`$|&<>(){}*?!#\p{Cc}-][^\s,;'"\\`$|&<>(){}*?!#\p{Cc}]*$/u;
const SAFE_USER = /^[^\s:'"`\p{Cc}-][^\s:'"`\p{Cc}]*$/u;

export function parseDestination(text: string): Destination {
  const trimmed = text
    .trim()
    .replace(/^ssh:\/\//, '')
    .replace(/\/$/, '');
  const at = trimmed.lastIndexOf('@'); // user names of some directories hold an @ themselves
  const user = at < 0 ? null : trimmed.slice(0, at);
  const rest = trimmed.slice(at + 1);
  const { host, port } = splitHost(rest, text);
  if (!SAFE_HOST.test(host)) invalid(text, 'there is no host name in it');
  if (user !== null && !SAFE_USER.test(user)) invalid(text, 'the user name is empty or holds odd characters');
  return { user, host, port };
}

function splitHost(rest: string, whole: string): { host: string; port: number | null } {
  if (rest.split(':').length > 2 && !rest.startsWith('[')) return { host: rest, port: null }; // a bare IPv6 address
  const match = SHAPE.exec(rest);
  if (!match) return invalid(whole, 'it is not [user@]host[:port]');
  const host = match[1] ?? match[2] ?? '';
  return { host, port: match[3] === undefined ? null : parsePort(match[3], whole) };
}

export function parsePort(text: string, where: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) return invalid(where, `“${text}” is not a port`);
  return port;
}

/** "box", "box:2222", "[::1]:2222" */
export function showHost(host: string, port: number): string {
  if (port === 22) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function invalid(text: string, why: string): never {
  return raise(
    'config-invalid',
    `cannot use “${text}” as a destination: ${why}`,
    'Write user@host, user@host:port or user@[IPv6 address]:port.',
  );
}
