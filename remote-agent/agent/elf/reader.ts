/** Random access to bytes somewhere: a file, a process's memory, a test's array. */
import { readSync } from 'node:fs';

export interface ByteReader {
  /**
   * Up to `length` bytes from `position`: fewer at the end, none beyond it. The result may be a view of a buffer that
   * the next read overwrites.
   */
  read(position: number, length: number): Uint8Array;
}

/** One for all files: nobody keeps a view of it across a turn of the event loop. */
const shared = new Uint8Array(64 << 10);

/** Reads through the shared buffer, so at most 64 KiB at once; allocates nothing. */
export class FileReader implements ByteReader {
  private readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  read(position: number, length: number): Uint8Array {
    if (!Number.isSafeInteger(position) || position < 0) return shared.subarray(0, 0);
    const wanted = Math.min(length, shared.length);
    let got = 0;
    while (got < wanted) {
      const count = this.readOnce(got, wanted - got, position + got);
      if (count === 0) break;
      got += count;
    }
    return shared.subarray(0, got);
  }

  /** A disk error or a network file system that is gone: the file is as if it ended here. */
  private readOnce(at: number, length: number, position: number): number {
    try {
      return readSync(this.fd, shared, at, length, position);
    } catch {
      return 0;
    }
  }
}

export class MemoryReader implements ByteReader {
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(position: number, length: number): Uint8Array {
    return position < 0 ? new Uint8Array(0) : this.bytes.subarray(position, position + length);
  }
}
