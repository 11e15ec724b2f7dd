/**
 * Puts a recording in order: smaller, and quick to read in parts. The new file is made beside the old one and takes its
 * place when it is whole; until then, and wherever anything is in the way, the old one stays as it is.
 */
import { chmod, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import { faultOf, marksToJson } from '../../remote-agent/protocol/index.ts';
import { Cursor } from './cursor.ts';
import { fileFault } from './file-fault.ts';
import { ABOUT, FORMAT_VERSION, INDEX_PLACE, MARKS, MARKS_ENTRY, PROFILE } from './format.ts';
import { createOutputFile, type OutputFile } from './output-file.ts';
import { RANGE_LIMITS } from './range-plan.ts';
import { openReader, type Reader } from './reader.ts';
import { TidyOutput } from './tidy-output.ts';
import { TidyWriter } from './tidy-writer.ts';
import { walk } from './walk.ts';
import { isAlive, mayBeWrittenBy } from './writer-mark.ts';

export interface TidyOptions {
  readonly stop?: AbortSignal;
  /** 0..1 */
  readonly onProgress?: (progress: number) => void;
  readonly createFile?: (path: string) => Promise<OutputFile>;
  /** The new file may be larger than the old one. */
  readonly mayGrow?: boolean;
  /** A run of no more rows has no sums. */
  readonly rowsWithoutSums?: number;
}

/**
 * done: the file is another one now. Why it was left as it is: `tidy` already; `damaged` (a copy would hide that);
 * `newer` than this Sonde; still `growing`; `read-only` place; `small`: it would be larger; `stopped`.
 */
export type TidyOutcome = 'done' | 'tidy' | 'damaged' | 'newer' | 'growing' | 'read-only' | 'small' | 'stopped';

const MARK = '.tidying-';
const NOT_HERE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTSUP']);
/** Nobody works on one file for so long. */
const STALE_MS = 6 * 3600e3;

/** Raises `file-io` (a full disk …) or `bad-recording`; nothing has changed then. */
export async function tidyRecording(file: string, options: TidyOptions = {}): Promise<TidyOutcome> {
  const reader = await openReader(file);
  try {
    const { info } = reader;
    if (info.tidied) return 'tidy';
    if (info.formatVersion > FORMAT_VERSION) return 'newer';
    if (!info.complete && mayBeWrittenBy(info.writer)) return 'growing';
    await removeStale(file);
    return await remake(reader, options);
  } finally {
    await reader.close();
  }
}

async function remake(reader: Reader, options: TidyOptions): Promise<TidyOutcome> {
  const { file } = reader.info;
  const before = await stat(file);
  const temporary = `${file}${MARK}${process.pid}`;
  const { createFile = createOutputFile } = options;
  let output: OutputFile | null = null;
  let isOurs = false;
  try {
    output = await createFile(temporary);
    isOurs = true;
    const outcome = await copy(reader, output, options);
    if (outcome !== 'done') return outcome;
    if (output.length >= before.size && !options.mayGrow) return 'small';
    await output.sync();
    await output.close();
    output = null;
    const now = await stat(file);
    if (now.size !== before.size || now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) return 'growing';
    await chmod(temporary, before.mode);
    await rename(temporary, file);
    return 'done';
  } catch (error) {
    // Somebody else in this process is at it.
    if (!isOurs && (error as NodeJS.ErrnoException).code === 'EEXIST') return 'growing';
    if (NOT_HERE.has((error as NodeJS.ErrnoException).code ?? '')) return 'read-only';
    if (faultOf(error) || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw fileFault('cannot put in order', file, error);
  } finally {
    await output?.close().catch(() => undefined); // the first error says more
    if (isOurs) await unlink(temporary).catch(() => undefined); // it has the file's own name by now, or was never made
  }
}

async function copy(reader: Reader, output: OutputFile, options: TidyOptions): Promise<TidyOutcome> {
  const { stop, onProgress, rowsWithoutSums = RANGE_LIMITS.rows } = options;
  const out = new TidyOutput(output);
  const entries = await metadataOf(reader);
  const { sondeVersion } = reader.info;
  out.header({ profile: PROFILE, library: `sonde ${sondeVersion}` });
  const about = entries.find(({ name }) => name === ABOUT)?.values;
  out.metadata(ABOUT, {
    ...Object.fromEntries(about ?? []),
    formatVersion: String(FORMAT_VERSION),
    tidied: String(reader.info.records ?? ''),
    ...(reader.info.complete ? {} : { endMissing: 'true' }),
  });
  for (const { name, values } of entries)
    if (![ABOUT, MARKS, INDEX_PLACE].includes(name)) out.metadata(name, Object.fromEntries(values));
  const writer = new TidyWriter(out, rowsWithoutSums);
  for await (const _ of reader.read((frame, signal, logNs) => writer.take(frame, signal, logNs))) {
    await out.write();
    if (stop?.aborted) return 'stopped';
    onProgress?.(reader.progress);
  }
  if (!reader.damage.isAllRead) return 'damaged';
  writer.finish();
  const marks = await reader.marks();
  if (marks.length > 0) out.metadata(MARKS, { [MARKS_ENTRY]: marksToJson(marks) });
  out.ending();
  await out.write();
  return 'done';
}

interface Metadata {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

async function metadataOf({ file }: Reader): Promise<Metadata[]> {
  const found: Metadata[] = [];
  for await (const step of walk(file, MCAP_MAGIC.length)) {
    if (step.kind !== 'record' || step.opcode !== Opcode.METADATA) continue;
    const cursor = new Cursor((await file.read(step.offset, step.length)).slice());
    try {
      found.push({ name: cursor.text(), values: cursor.texts() });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // damaged: reading says so
    }
  }
  return found;
}

/** What somebody left behind who was killed at it. */
async function removeStale(file: string): Promise<void> {
  const folder = path.dirname(file);
  const begin = `${path.basename(file)}${MARK}`;
  const names = await readdir(folder).catch(() => []); // a folder that cannot be listed has other troubles
  for (const name of names.filter((each) => each.startsWith(begin))) {
    const left = path.join(folder, name);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Number.NaN }));
    const isOld = Date.now() - mtimeMs > STALE_MS;
    if (isOld || !isAlive(Number(name.slice(begin.length)))) await unlink(left).catch(() => undefined); // gone is as good
  }
}
