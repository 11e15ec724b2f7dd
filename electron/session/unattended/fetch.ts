/** Brings an unattended recording from the device: what has come stays, so that a fetch that was cut goes on where it was. */
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { type FaultCode, faultOf, raise } from '../../../remote-agent/protocol/index.ts';
import { type FoundUnattended, readUnattended } from '../../device/index.ts';
import { fileFault } from '../../recording/index.ts';
import type { Shell } from '../../ssh/index.ts';
import { type Converted, toRecording } from './to-recording.ts';

export interface FetchOptions {
  /** The recording; it must not exist yet. */
  readonly file: string;
  /** What came so far, beside it. */
  readonly part: string;
  /** As the user calls the device: of what nobody ordered, it does not know. */
  readonly destination: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Of what came nothing can be made, however often it is fetched. */
const USELESS: readonly FaultCode[] = ['bad-recording', 'out-of-sync'];

/** The part goes away when the recording is there, or when it is of no use. Deletes nothing on the device. */
export async function fetchUnattended(root: Shell, found: FoundUnattended, options: FetchOptions): Promise<Converted> {
  const { file, part, destination, signal } = options;
  const status =
    found.status ??
    raise(
      'bad-recording',
      'the unattended recording says nothing of itself',
      'Delete it: sonde fetch HOST --delete ID.',
    );
  try {
    await bring(root, found, options);
    const isNew = !(await isThere(file));
    try {
      const about = status.origin === 'session' ? { ...status, destination } : status;
      const converted = await toRecording(part, about, file, signal);
      await rm(part, { force: true });
      return converted;
    } catch (error) {
      if (isNew) await rm(file, { force: true });
      throw error;
    }
  } catch (error) {
    if (!USELESS.includes(faultOf(error)?.code ?? 'cancelled')) throw error;
    await rm(part, { force: true });
    throw error;
  }
}

async function bring(root: Shell, found: FoundUnattended, options: FetchOptions): Promise<void> {
  const { part, signal, onProgress = () => undefined } = options;
  const output = await toDisk(part, () => open(part, 'a', 0o600));
  try {
    let got = await toDisk(part, () => sizeOfPart(output, found.bytes));
    onProgress(got);
    const take = async (piece: Buffer) => {
      await toDisk(part, () => output.writeFile(piece));
      got += piece.length;
      onProgress(got);
    };
    if (got < found.bytes) await readUnattended(root, found, got, take, { signal });
    await toDisk(part, () => output.sync());
  } finally {
    await output.close();
  }
}

/** What is of another one is taken away. */
async function sizeOfPart(output: FileHandle, bytes: number): Promise<number> {
  const { size } = await output.stat();
  if (size <= bytes) return size;
  await output.truncate(0);
  return 0;
}

async function toDisk<T>(file: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw fileFault('cannot keep what is fetched in', file, error);
  });
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
