/**
 * /tmp/perf-PID.map: how JIT compilers publish the names of the code they write. One line per function, "START SIZE
 * name" in hex; the file only grows, and a later line replaces earlier ones where they overlap. Read on from where the
 * last reading stopped; kept are 20 bytes per line, the names stay in the file.
 */
import type { ByteReader } from '../elf/reader.ts';

/** Per process, 1.3 MB. A compiler that publishes more keeps the names of its first functions. */
const MAX_ENTRIES = 1 << 16;
const MAX_NAME_BYTES = 1024;
const CHUNK_BYTES = 64 << 10;
const NEWLINE = 10;

export class PerfMap {
  private count = 0;
  private starts = new Float64Array(256);
  private sizes = new Float64Array(256);
  /** Where in the file the name begins. */
  private names = new Float64Array(256);
  private readTo = 0;

  /** Reads what was appended, at most `maxBytes` at once. Returns whether there is more to read. */
  extend(reader: ByteReader, maxBytes: number): boolean {
    const end = this.readTo + maxBytes;
    while (this.count < MAX_ENTRIES) {
      if (this.readTo >= end) return true;
      const chunk = reader.read(this.readTo, CHUNK_BYTES);
      const last = chunk.lastIndexOf(NEWLINE);
      if (last < 0 && chunk.length < CHUNK_BYTES) return false; // the end, or a line that is still being written
      if (last >= 0) this.takeLines(Buffer.from(chunk.buffer, chunk.byteOffset, last + 1));
      this.readTo += last < 0 ? chunk.length : last + 1; // 64 KiB without a line end are skipped
    }
    return false;
  }

  /** Name of the code at `address`, null where none was published. The newest entry counts. */
  find(reader: ByteReader, address: number): Buffer | null {
    for (let i = this.count - 1; i >= 0; i--) {
      const start = this.starts[i] ?? 0;
      if (address < start || address >= start + (this.sizes[i] ?? 0)) continue;
      const bytes = reader.read(this.names[i] ?? 0, MAX_NAME_BYTES);
      const end = bytes.indexOf(NEWLINE);
      return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end));
    }
    return null;
  }

  private takeLines(chunk: Buffer): void {
    for (let from = 0, to = chunk.indexOf(NEWLINE); to >= 0; from = to + 1, to = chunk.indexOf(NEWLINE, from)) {
      const afterStart = chunk.indexOf(32, from);
      const afterSize = afterStart < 0 ? -1 : chunk.indexOf(32, afterStart + 1);
      if (afterSize < 0 || afterSize >= to) continue;
      const start = hexNumber(chunk, from, afterStart);
      const size = hexNumber(chunk, afterStart + 1, afterSize);
      if (size > 0 && this.count < MAX_ENTRIES) this.add(start, size, this.readTo + afterSize + 1);
    }
  }

  private add(start: number, size: number, name: number): void {
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts);
      this.sizes = doubled(this.sizes);
      this.names = doubled(this.names);
    }
    this.starts[this.count] = start;
    this.sizes[this.count] = size;
    this.names[this.count] = name;
    this.count++;
  }
}

function doubled(old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(old.length * 2);
  grown.set(old);
  return grown;
}

/** 0 where it is not a hex number. */
function hexNumber(bytes: Buffer, from: number, to: number): number {
  const value = Number.parseInt(bytes.toString('latin1', from, Math.min(to, from + 18)), 16);
  return Number.isSafeInteger(value) ? value : 0;
}
