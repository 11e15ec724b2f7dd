/**
 * The file of an unattended recording: blocks of records, each on the disk before its records count as taken. Ends for
 * good when a block does not fit; what was written whole stays readable.
 */
import { closeSync, fdatasync, ftruncateSync, openSync, write } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { blockHeader } from '../../protocol/index.ts';

/** Fast and in 150 KB of memory: columns are compact already, and the device has other work. */
const COMPRESSION = { level: 3, memLevel: 6, windowBits: 14 };

/** A block as it lies in the file. `content`: frames as framing.ts cuts them. */
export function packBlock(content: Uint8Array): Uint8Array {
  const packed = gzipSync(content, COMPRESSION);
  return Buffer.concat([blockHeader(packed), packed]);
}

export class BlockFile {
  bytes = 0;
  /** Why nothing can be written any more; '' while it can. */
  problem = '';
  private readonly fd: number;
  private readonly maxBytes: number;
  private readonly mayTake: (bytes: number) => string;

  /** `mayTake`: why so many more bytes must not be written just now; '' = they may. */
  constructor(path: string, maxBytes: number, mayTake: (bytes: number) => string) {
    this.fd = openSync(path, 'wx', 0o600);
    this.maxBytes = maxBytes;
    this.mayTake = mayTake;
  }

  /** Resolves with whether the block is on the disk. One at a time. */
  async append(content: Uint8Array): Promise<boolean> {
    return this.problem === '' && this.appendBlock(packBlock(content));
  }

  /** The same of one that is packed already. */
  async appendBlock(block: Uint8Array): Promise<boolean> {
    if (this.problem !== '') return false;
    this.problem = this.bytes + block.length > this.maxBytes ? 'its size is reached' : this.mayTake(block.length);
    if (this.problem !== '') return false;
    try {
      await this.put(block);
      this.bytes += block.length;
      return true;
    } catch (error) {
      this.problem = `the disk refuses: ${(error as Error).message}`;
      this.cutPart();
      return false;
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  private async put(block: Uint8Array): Promise<void> {
    for (let done = 0; done < block.length; ) done += await this.putSome(block, done);
    await new Promise<void>((resolve, reject) => fdatasync(this.fd, (error) => (error ? reject(error) : resolve())));
  }

  private putSome(block: Uint8Array, from: number): Promise<number> {
    return new Promise((resolve, reject) =>
      write(this.fd, block, from, block.length - from, this.bytes + from, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
  }

  private cutPart(): void {
    try {
      ftruncateSync(this.fd, this.bytes);
    } catch {
      // A reader passes over a block that is not whole.
    }
  }
}
