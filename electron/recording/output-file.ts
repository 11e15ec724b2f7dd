/** A file that only ever grows by whole pieces: a piece that cannot be written whole is taken back. */
import { type FileHandle, open } from 'node:fs/promises';

export interface OutputFile {
  /** Bytes of whole pieces. */
  readonly length: number;
  /** Rejects where the piece could not be written; the file is then as before. */
  write(piece: Uint8Array): Promise<void>;
  /** Resolves when what was written would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Never overwrites a file. */
export async function createOutputFile(path: string): Promise<OutputFile> {
  return new RealFile(await open(path, 'wx'));
}

/** Goes on behind byte `length` of a file that is there; what it has beyond that is gone. */
export async function continueOutputFile(path: string, length: number): Promise<OutputFile> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
    return new RealFile(handle, length);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class RealFile implements OutputFile {
  length: number;
  private readonly handle: FileHandle;

  constructor(handle: FileHandle, length = 0) {
    this.handle = handle;
    this.length = length;
  }

  async write(piece: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await this.handle.write(piece, done, piece.length - done, this.length + done);
        done += bytesWritten;
      }
    } catch (error) {
      await this.handle.truncate(this.length).catch(() => undefined); // a reader copes with the torn piece, too
      throw error;
    }
    this.length += piece.length;
  }

  async sync(): Promise<void> {
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
