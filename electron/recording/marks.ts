/**
 * The marks of a recording, read from and written into its file. Writing puts a metadata record where the data ends and
 * the end behind it again; the recorded data in front of it is not touched:
 *
 *      chunks … │ DataEnd │ summary │ footer      →      chunks … │ metadata sonde-marks │ DataEnd │ summary │ footer
 */
import { type FileHandle, open } from 'node:fs/promises';
import { Opcode } from '@mcap/core';
import { type Mark, marksFromJson, marksToJson, raise } from '../../remote-agent/protocol/index.ts';
import { BlockReader } from './block-reader.ts';
import { Cursor } from './cursor.ts';
import { fileFault } from './file-fault.ts';
import { MARKS, MARKS_ENTRY, MAX_MARKS_LENGTH } from './format.ts';
import { endWithMetadata } from './file-end.ts';
import { type Place, readSummary, type Summary } from './summary.ts';
import { walk } from './walk.ts';

const RECORD_HEAD = 9;

/** Of a file without an end the last ones are looked for; none where there are none. */
export async function readMarks(file: BlockReader): Promise<readonly Mark[]> {
  const summary = await readSummary(file);
  const places = summary ? summary.metadata.filter(({ name }) => name === MARKS) : await searched(file);
  const last = places.at(-1);
  return (last && (await marksAt(file, last))) ?? [];
}

/** Raises `file-io` where the file cannot be changed, `bad-recording` where it has no end. */
export async function writeMarks(path: string, marks: readonly Mark[]): Promise<void> {
  let handle: FileHandle | null = null;
  let reader: BlockReader | null = null;
  try {
    reader = await BlockReader.open(path);
    handle = await open(path, 'r+');
    const summary = await readSummary(reader);
    if (!summary)
      raise(
        'bad-recording',
        `cannot keep the marks in ${path}: the file has no end`,
        'They are shown until it is closed.',
      );
    const { at, bytes } = newEnd(summary, marks);
    await writeAll(handle, bytes, at);
    await handle.truncate(at + bytes.length);
    await handle.datasync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof RangeError) throw error;
    throw fileFault('cannot keep the marks in', path, error);
  } finally {
    await reader?.close();
    await handle?.close();
  }
}

/** Marks that were written last stand right before the end: newer ones take their place. */
function newEnd(summary: Summary, marks: readonly Mark[]): { at: number; bytes: Uint8Array } {
  const last = summary.metadata.filter(({ name }) => name === MARKS).at(-1);
  const replaced = last && last.offset + last.length === summary.dataEnd ? last : null;
  const at = replaced?.offset ?? summary.dataEnd;
  const metadata = new Map([[MARKS_ENTRY, marksToJson(marks)]]);
  return { at, bytes: endWithMetadata(summary, { name: MARKS, metadata }, at, replaced) };
}

async function searched(file: BlockReader): Promise<Place[]> {
  const places: Place[] = [];
  for await (const step of walk(file, 8)) {
    if (step.kind !== 'record' || step.opcode !== Opcode.METADATA) continue;
    const name = nameOf(await file.read(step.offset, Math.min(step.length, 64)));
    if (name === MARKS) places.push({ name, offset: step.offset - RECORD_HEAD, length: step.length + RECORD_HEAD });
  }
  return places;
}

function nameOf(bytes: Uint8Array): string | null {
  try {
    return new Cursor(bytes).text();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function marksAt(file: BlockReader, { offset, length }: Place): Promise<readonly Mark[] | null> {
  if (length > MAX_MARKS_LENGTH || offset + length > file.length || length < RECORD_HEAD) return null;
  const record = new Cursor((await file.read(offset, length)).slice());
  try {
    if (record.u8() !== Opcode.METADATA) return null;
    record.length64();
    if (record.text() !== MARKS) return null;
    return marksFromJson(record.texts().get(MARKS_ENTRY) ?? '');
  } catch (error) {
    if (error instanceof RangeError) return null; // damaged: the recording is worth more than its marks
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}
