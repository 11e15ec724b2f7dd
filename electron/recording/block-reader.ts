/** Reads a file at any place, mostly forwards, in blocks: walking over small records costs no system call each. */
import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_LENGTH = 1 << 20;

export class BlockReader {
  /** When it was opened; a recording that still grows is read up to here. */
  readonly length: number;
  private readonly handle: FileHandle;
  private block: Uint8Array = new Uint8Array(0);
  private blockStart = 0;

  private constructor(handle: FileHandle, length: number) {
    this.handle = handle;
    this.length = length;
  }

  static async open(path: string): Promise<BlockReader> {
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
      return new BlockReader(handle, stat.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Fewer bytes only where the file ends. A view that is valid until the next call. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.length - offset));
    const inBlock = offset - this.blockStart;
    if (inBlock >= 0 && inBlock + wanted <= this.block.length) return this.block.subarray(inBlock, inBlock + wanted);
    this.block = await this.load(offset, Math.max(wanted, Math.min(BLOCK_LENGTH, this.length - offset)));
    this.blockStart = offset;
    return this.block.subarray(0, wanted);
  }

  /** Just these bytes, which are the caller's own. For a few small things far apart. */
  readAt(offset: number, length: number): Promise<Uint8Array> {
    return this.load(offset, Math.max(0, Math.min(length, this.length - offset)));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async load(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) break; // it was cut since we looked
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }
}
