/** Sockets by their inode, from the tables of the network that a process sees. Each table is read at most once a second. */
import { readLines, readLink } from './procfs.ts';

/** A server with so many connections is not read to the end: every line costs a microsecond or two on a small device. */
const MAX_LINES = 2000;
/** A table that took long is left alone for a while. */
const PAUSE_MS = 1000;
const MAX_NETWORKS = 8;

const IP_TABLES = ['tcp', 'udp', 'tcp6', 'udp6'] as const;
const LISTENING = '0A';

interface Network {
  readonly readMs: number;
  /** Words by inode. */
  readonly sockets: ReadonlyMap<string, string>;
}

export class Sockets {
  private readonly procRoot: string;
  private readonly networks = new Map<string, Network>();

  constructor(procRoot: string) {
    this.procRoot = procRoot;
  }

  /** "tcp 10.0.2.15:41234 -> 10.0.2.2:22"; null where it is in no table, or the tables are too long. */
  of(pid: number, inode: string, nowMs: number): string | null {
    const name = readLink(`${this.procRoot}/${pid}/ns/net`)?.toString('latin1') ?? '';
    const known = this.networks.get(name);
    const isFresh = known !== undefined && nowMs - known.readMs < PAUSE_MS;
    if (isFresh || known?.sockets.has(inode)) return known.sockets.get(inode) ?? null;
    if (this.networks.size >= MAX_NETWORKS) this.networks.clear();
    const sockets = this.read(pid);
    this.networks.set(name, { readMs: nowMs, sockets });
    return sockets.get(inode) ?? null;
  }

  private read(pid: number): ReadonlyMap<string, string> {
    const sockets = new Map<string, string>();
    for (const table of IP_TABLES) this.readTable(pid, table, sockets, (cells) => ipSocket(table, cells));
    this.readTable(pid, 'unix', sockets, unixSocket);
    return sockets;
  }

  private readTable(
    pid: number,
    table: string,
    into: Map<string, string>,
    read: (cells: string[]) => { inode: string; words: string } | null,
  ): void {
    let lines = 0;
    readLines(`${this.procRoot}/${pid}/net/${table}`, (line) => {
      const socket = lines++ === 0 ? null : read(line.toString('latin1').trim().split(/\s+/));
      if (socket) into.set(socket.inode, socket.words);
      return lines > MAX_LINES ? 'enough' : 'more';
    });
  }
}

/** sl local remote state queues timer retransmits uid timeout inode */
function ipSocket(table: string, cells: string[]): { inode: string; words: string } | null {
  const [, local = '', remote = '', state = '', , , , , , inode = ''] = cells;
  if (inode === '' || inode === '0') return null;
  const isAlone = state === LISTENING || /^0+:/.test(remote);
  const here = `${table} ${addressText(local)}`;
  return { inode, words: isAlone ? here : `${here} -> ${addressText(remote)}` };
}

/** number refs protocol flags type state inode path */
function unixSocket(cells: string[]): { inode: string; words: string } | null {
  const [, , , , , , inode = '', ...path] = cells;
  return inode === '' || path.length === 0 ? null : { inode, words: `unix ${path.join(' ')}` };
}

/** "0F02000A:0016" is "10.0.2.15:22": words of the processor, so their bytes stand the wrong way round. */
function addressText(text: string): string {
  const [hex = '', port = ''] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== 4 && bytes.length !== 16) return text;
  bytes.swap32();
  const host = bytes.length === 4 ? bytes.join('.') : `[${shortened(bytes)}]`;
  return `${host}:${Number.parseInt(port, 16)}`;
}

function shortened(bytes: Buffer): string {
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (isMapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
