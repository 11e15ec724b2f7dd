/**
 * Puts a recording in order: smaller, and quick to read in parts. The new file is made beside the old one and takes its
 * place when it is whole; until then, and wherever anything is in the way, the old one stays as it is.
 */
import { chmod, rename, stat } from 'node:fs/promises';
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import { faultOf, marksToJson, SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { Cursor } from './cursor.ts';
import { fileFault } from './file-fault.ts';
import { ABOUT, FORMAT_VERSION, INDEX_PLACE, MARKS, MARKS_ENTRY, PROFILE } from './format.ts';
import { createOutputFile, type OutputFile } from './output-file.ts';
import { RANGE_LIMITS } from './range-plan.ts';
import { openReader, type Reader } from './reader.ts';
import { TidyOutput } from './tidy-output.ts';
import { resume } from './tidy-resume.ts';
import type { TidyState } from './tidy-state.ts';
import { TidyWork } from './tidy-work.ts';
import { TidyWriter } from './tidy-writer.ts';
import { walk } from './walk.ts';
import { mayBeWrittenBy } from './writer-mark.ts';

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

const NOT_HERE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTSUP']);

/** Raises `file-io` (a full disk …) or `bad-recording`; nothing has changed then. */
export async function tidyRecording(file: string, options: TidyOptions = {}): Promise<TidyOutcome> {
  const reader = await openReader(file);
  try {
    const { info } = reader;
    if (info.tidied) return 'tidy';
    if (info.formatVersion > FORMAT_VERSION) return 'newer';
    if (!info.complete && mayBeWrittenBy(info.writer)) return 'growing';
    return await remake(reader, options);
  } finally {
    await reader.close();
  }
}

async function remake(reader: Reader, options: TidyOptions): Promise<TidyOutcome> {
  const { file } = reader.info;
  const before = await stat(file);
  const work = await TidyWork.begin(file, before, SONDE_VERSION);
  if (!work) return 'growing'; // somebody else in this process is at it
  const { createFile = createOutputFile } = options;
  let output: OutputFile | null = null;
  let outcome: TidyOutcome | 'anew' = 'anew';
  try {
    do {
      if (output) await work.forget(output);
      output = await work.open(createFile);
      outcome = await copy(reader, output, work, options);
    } while (outcome === 'anew');
    if (outcome === 'done' && output.length >= before.size && !options.mayGrow) outcome = 'small';
    if (outcome !== 'done') return outcome;
    await output.sync();
    await output.close();
    output = null;
    const now = await stat(file);
    if (now.size !== before.size || now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) return 'growing';
    await chmod(work.temporary, before.mode);
    await rename(work.temporary, file);
    return 'done';
  } catch (error) {
    if (NOT_HERE.has((error as NodeJS.ErrnoException).code ?? '')) return 'read-only';
    if (faultOf(error) || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw fileFault('cannot put in order', file, error);
  } finally {
    await output?.close().catch(() => undefined); // the first error says more
    await work.end(outcome === 'stopped');
  }
}

/** anew: what had been begun cannot be gone on with. */
async function copy(
  reader: Reader,
  file: OutputFile,
  work: TidyWork,
  options: TidyOptions,
): Promise<TidyOutcome | 'anew'> {
  const { stop, onProgress, rowsWithoutSums = RANGE_LIMITS.rows } = options;
  const output = new TidyOutput(file);
  const rests: TidyState[] = [];
  const writer = new TidyWriter(output, rowsWithoutSums, () => {
    const { place: next, channels } = decoder;
    rests.push({ next, channels, outputLength: output.length, output: output.state(), writer: writer.state() });
  });
  const decoder = reader.decoder((record, signal, logNs) => writer.take(record, signal, logNs));
  if (!work.begun) begin(output, reader, await metadataOf(reader));
  else if (!(await resume(work.temporary, work.begun, { decoder, output, writer }))) return 'anew';
  for await (const _ of reader.read(decoder, work.begun?.next.recordAt)) {
    await output.write();
    // What is damaged is left as it is: no need to see the rest.
    if (!reader.damage.isAllRead) return 'damaged';
    const rest = rests.splice(0).at(-1);
    if (rest) await work.save(file, rest);
    if (stop?.aborted) return 'stopped';
    onProgress?.(reader.progress);
  }
  if (!reader.damage.isAllRead) return 'damaged';
  writer.finish();
  const marks = await reader.marks();
  if (marks.length > 0) output.metadata(MARKS, { [MARKS_ENTRY]: marksToJson(marks) });
  output.ending();
  await output.write();
  return 'done';
}

function begin(output: TidyOutput, { info }: Reader, entries: readonly Metadata[]): void {
  output.header({ profile: PROFILE, library: `sonde ${info.sondeVersion}` });
  const about = entries.find(({ name }) => name === ABOUT)?.values;
  output.metadata(ABOUT, {
    ...Object.fromEntries(about ?? []),
    formatVersion: String(FORMAT_VERSION),
    tidied: String(info.records ?? ''),
    ...(info.complete ? {} : { endMissing: 'true' }),
  });
  for (const { name, values } of entries)
    if (![ABOUT, MARKS, INDEX_PLACE].includes(name)) output.metadata(name, Object.fromEntries(values));
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
