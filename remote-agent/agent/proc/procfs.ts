/** Reading /proc: small files as text of bytes (latin-1: nothing is lost), links as bytes. null = it is not there (any more). */
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, statSync } from 'node:fs';

const buffer = Buffer.allocUnsafe(64 << 10);

/** At most `max` bytes of a small file. */
export function readSmall(path: string, max = 4096): string | null {
  const bytes = readBytes(path, max);
  return bytes === null ? null : bytes.toString('latin1');
}

/** Copied out of the shared buffer. */
export function readBytes(path: string, max = 4096): Buffer | null {
  const file = openFile(path);
  if (file === null) return null;
  try {
    let got = 0;
    const wanted = Math.min(max, buffer.length);
    while (got < wanted) {
      const count = readSync(file, buffer, got, wanted - got, null);
      if (count === 0) break;
      got += count;
    }
    return Buffer.from(buffer.subarray(0, got));
  } catch {
    return null; // a process that ends while it is read: ESRCH
  } finally {
    closeSync(file);
  }
}

/**
 * Calls `take` for each line, without its end, as bytes that live until it returns. Lines beyond 64 KiB are cut up.
 * Nothing more is read once it returned 'enough'.
 */
export function readLines(path: string, take: (line: Buffer) => unknown): boolean {
  const file = openFile(path);
  if (file === null) return false;
  const chunk = Buffer.allocUnsafe(64 << 10);
  let held = 0;
  try {
    for (;;) {
      const count = readSync(file, chunk, held, chunk.length - held, null);
      const end = held + count;
      let start = 0;
      for (let at = chunk.indexOf(10, held); at >= 0 && at < end; at = chunk.indexOf(10, at + 1)) {
        if (take(chunk.subarray(start, at)) === 'enough') return true;
        start = at + 1;
      }
      if (count === 0) return true;
      if (start === 0 && end === chunk.length) start = end; // no line of /proc is that long
      chunk.copyWithin(0, start, end);
      held = end - start;
    }
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

export function readLink(path: string): Buffer | null {
  try {
    return readlinkSync(path, { encoding: 'buffer' });
  } catch {
    return null;
  }
}

export function openFile(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}

export interface RegularFile {
  readonly fd: number;
  readonly size: number;
  readonly uid: number;
}

/** For paths that others control: never waits on a FIFO, never opens a device. The caller closes `fd`. */
export function openRegular(path: string, flags = 0): RegularFile | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | flags);
    const { size, uid, mode } = fstatSync(fd);
    if ((mode & constants.S_IFMT) === constants.S_IFREG) return { fd, size, uid };
    closeSync(fd);
    return null;
  } catch {
    return null; // gone, or not for us
  }
}

export function ownerOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? 0;
}
