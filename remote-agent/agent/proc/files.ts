/**
 * What a file descriptor of a process is, as words: a path, or "socket:tcp 10.0.2.15:41234 -> 10.0.2.2:22". It is asked
 * for after the call, so a descriptor that was given to another file meanwhile tells of that one. So many are asked for
 * in a second and no more: a process may do what it likes, and each costs us a system call.
 */
import { readLink } from './procfs.ts';
import { Sockets } from './sockets.ts';

const MAX_PER_SECOND = 500;
const MAX_BYTES = 512;
export const NO_FILE = new Uint8Array(0);

export class Files {
  private readonly procRoot: string;
  private readonly sockets: Sockets;
  private readonly seen = new Map<string, Uint8Array>();
  private sinceMs = Number.NEGATIVE_INFINITY;

  constructor(procRoot: string) {
    this.procRoot = procRoot;
    this.sockets = new Sockets(procRoot);
  }

  /** No bytes where it is not known. */
  of(pid: number, fd: number, nowMs: number): Uint8Array {
    if (fd < 0) return NO_FILE;
    if (nowMs - this.sinceMs >= 1000 || nowMs < this.sinceMs) this.forget(nowMs);
    const key = `${pid} ${fd}`;
    const known = this.seen.get(key);
    if (known) return known;
    if (this.seen.size >= MAX_PER_SECOND) return NO_FILE;
    const file = this.look(pid, fd, nowMs);
    this.seen.set(key, file);
    return file;
  }

  private forget(nowMs: number): void {
    this.sinceMs = nowMs;
    this.seen.clear();
  }

  private look(pid: number, fd: number, nowMs: number): Uint8Array {
    const link = readLink(`${this.procRoot}/${pid}/fd/${fd}`);
    if (!link) return NO_FILE;
    const inode = /^socket:\[(\d+)\]$/.exec(link.toString('latin1'))?.[1];
    const words = inode === undefined ? null : this.sockets.of(pid, inode, nowMs);
    return (words === null ? link : Buffer.from(`socket:${words}`, 'latin1')).subarray(0, MAX_BYTES);
  }
}
