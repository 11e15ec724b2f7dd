/** A file that appears when it is complete: written beside its place under another name, then renamed. */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { fileFault } from '../recording/index.ts';

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Returns the bytes written. A fault or an abort leaves nothing behind, and what was at `file` before stays. */
export async function writeWhole(file: string, pieces: Pieces, stop?: AbortSignal): Promise<number> {
  const partial = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const bytes = await writePieces(partial, pieces, stop);
    await rename(partial, file);
    return bytes;
  } catch (error) {
    await unlink(partial).catch(() => undefined); // it may not have been made
    if (isFileError(error)) throw fileFault('cannot write', file, error);
    throw error;
  }
}

async function writePieces(file: string, pieces: Pieces, stop?: AbortSignal): Promise<number> {
  const handle = await open(file, 'wx');
  try {
    let bytes = 0;
    for await (const piece of pieces) {
      stop?.throwIfAborted();
      const buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
      await handle.writeFile(buffer);
      bytes += buffer.length;
    }
    stop?.throwIfAborted();
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
