/** Brings an unattended recording from the device: what has come stays, so that a fetch that was cut goes on where it was. */
import { open, rm, stat } from 'node:fs/promises';
import { raise } from '../../../remote-agent/protocol/index.ts';
import { type FoundUnattended, readUnattended } from '../../device/index.ts';
import type { Shell } from '../../ssh/index.ts';
import { type Converted, toRecording } from './to-recording.ts';

export interface FetchOptions {
  /** The recording; it must not exist yet. */
  readonly file: string;
  /** What came so far, beside it. */
  readonly part: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** The part goes away when the recording is there. Deletes nothing on the device. */
export async function fetchUnattended(root: Shell, found: FoundUnattended, options: FetchOptions): Promise<Converted> {
  const { file, part, signal, onProgress = () => undefined } = options;
  const status =
    found.status ??
    raise(
      'bad-recording',
      'the unattended recording says nothing of itself',
      'Delete it: sonde fetch HOST --delete ID.',
    );
  const output = await open(part, 'a', 0o600);
  try {
    let { size } = await output.stat();
    if (size > found.bytes) {
      await output.truncate(0); // of another one
      size = 0;
    }
    onProgress(size);
    let got = size;
    if (size < found.bytes)
      await readUnattended(
        root,
        found,
        size,
        async (piece) => {
          await output.writeFile(piece);
          got += piece.length;
          onProgress(got);
        },
        { signal },
      );
    await output.sync();
  } finally {
    await output.close();
  }
  const isNew = !(await isThere(file));
  try {
    const converted = await toRecording(part, status, file);
    await rm(part, { force: true });
    return converted;
  } catch (error) {
    if (isNew) await rm(file, { force: true });
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
