/** The file of a capture: under its own name from the first byte, because every piece leaves it valid. */
import { unlink } from 'node:fs/promises';
import { createOutputFile, fileFault } from '../recording/index.ts';
import type { CaptureSink } from './capture.ts';

export const CAPTURE_EXTENSION = '.pcapng';

export interface CaptureOutput {
  readonly sink: CaptureSink;
  /** On disk when it resolves. A file into which nothing was written is taken away: false then. */
  close(): Promise<boolean>;
}

/** In the place of a file that is there: for one whose owner has agreed to lose it. */
export async function replacingCaptureOutput(path: string): Promise<CaptureOutput> {
  await unlink(path).catch(() => undefined); // where it cannot be taken away, making the new one says why
  return createCaptureOutput(path);
}

/** Never overwrites a file. A disk that gets full keeps the pieces before. */
export async function createCaptureOutput(path: string): Promise<CaptureOutput> {
  const file = await createOutputFile(path).catch((error: unknown) => {
    throw fileFault('cannot create', path, error);
  });
  return {
    sink: async (piece) => {
      await file.write(piece).catch((error: unknown) => {
        throw fileFault('cannot write', path, error);
      });
    },
    close: async () => {
      await file.sync().catch(() => undefined); // a pipe or a foreign file system may have no such thing
      await file.close();
      if (file.length === 0) await unlink(path).catch(() => undefined); // somebody else may have taken it away
      return file.length > 0;
    },
  };
}
