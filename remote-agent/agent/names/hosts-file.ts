/**
 * Names that files like /etc/hosts give to addresses: the first name of the first line of the first file that has the
 * address. Read again when one changed. Whoever may write them may write anything: what is not an address and a name is
 * passed over.
 */
import { closeSync, constants, readSync, statSync } from 'node:fs';
import { MAX_ADDRESS_NAMES, parseAddress } from '../../protocol/index.ts';
import { openRegular } from '../proc/procfs.ts';
import type { Dictionary } from './dictionary.ts';

const CHECK_INTERVAL_MS = 10_000;
const MAX_LINES = 10_000;
/** A domain name has 255 bytes. */
const MAX_NAME = 255;
const MAX_BYTES = 1 << 20;

interface Named {
  readonly address: Uint8Array;
  readonly name: string;
}

export class HostsFiles {
  private readonly paths: () => readonly string[];
  private readonly dictionary: Dictionary;
  private checkedMs = Number.NEGATIVE_INFINITY;
  private version = '';
  /** By the address's bytes as latin-1; what the client has been told. */
  private told = new Map<string, Named>();

  /** `paths` is asked before each look; only the first may be a symbolic link. */
  constructor(paths: () => readonly string[], dictionary: Dictionary) {
    this.paths = paths;
    this.dictionary = dictionary;
  }

  check(nowMs: number): void {
    if (nowMs - this.checkedMs < CHECK_INTERVAL_MS || this.dictionary.isFrozen) return;
    this.checkedMs = nowMs;
    const paths = this.paths();
    const version = paths.map(versionOf).join('\n');
    if (version === this.version) return;
    this.version = version;
    this.tell(readAll(paths));
  }

  /** What changed, and what is there no more. */
  private tell(hosts: Map<string, Named>): void {
    for (const [key, { address, name }] of hosts)
      if (this.told.get(key)?.name !== name) this.dictionary.addressName(address, name);
    for (const [key, { address }] of this.told) if (!hosts.has(key)) this.dictionary.addressName(address, '');
    this.told = hosts;
  }
}

/** '' where there is no such file. */
function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? `${stat.dev} ${stat.ino} ${stat.mtimeMs} ${stat.size}` : '';
}

function readAll(paths: readonly string[]): Map<string, Named> {
  const hosts = new Map<string, Named>();
  for (const [place, path] of paths.entries()) addHosts(hosts, readText(path, place === 0 ? 0 : constants.O_NOFOLLOW));
  return hosts;
}

function addHosts(hosts: Map<string, Named>, text: string): void {
  for (const line of text.split('\n', MAX_LINES)) {
    const named = hosts.size < MAX_ADDRESS_NAMES ? readLine(line) : null;
    const key = named && Buffer.from(named.address).toString('latin1');
    if (named && key && !hosts.has(key)) hosts.set(key, named);
  }
}

/** Latin-1, up to MAX_BYTES. */
function readText(path: string, flags: number): string {
  const file = openRegular(path, flags);
  if (!file) return '';
  try {
    const bytes = Buffer.alloc(Math.min(file.size, MAX_BYTES));
    return bytes.toString('latin1', 0, readSync(file.fd, bytes));
  } catch {
    return ''; // taken away while it is read: the next look tells
  } finally {
    closeSync(file.fd);
  }
}

/** "127.0.0.1  localhost  # comment" */
function readLine(line: string): Named | null {
  const [word = '', name = ''] = line.replace(/#.*/, '').trim().split(/\s+/, 2);
  const address = name === '' || name.length > MAX_NAME ? null : parseAddress(word);
  return address && { address, name };
}
