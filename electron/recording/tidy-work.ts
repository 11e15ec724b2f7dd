/**
 * The file that is to take a recording's place, while it is made, and how far it has come:
 *
 *      a.sonde.mcap    a.sonde.mcap.tidying-4711    a.sonde.mcap.tidying-4711.at
 *
 * The number is that of the process that is at it. Whoever is stopped or killed leaves both behind; the next one takes
 * them over and goes on from there.
 */
import { readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { continueOutputFile, type OutputFile } from './output-file.ts';
import type { TidyState } from './tidy-state.ts';
import { isAlive } from './writer-mark.ts';

const MARK = '.tidying-';
const STATE = '.at';
/** Nobody works on one file for so long. */
const STALE_MS = 6 * 3600e3;
const CHECKSUM_LENGTH = 4;

/** By which a file is known again: it has not changed meanwhile. */
export interface FileMark {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

interface Saved {
  /** Another Sonde may write it otherwise. */
  readonly version: string;
  readonly source: FileMark;
  /** Of the new file, of which no more than `length` counts. */
  readonly output: { readonly ino: number; readonly length: number };
  readonly state: TidyState;
}

/** Of this process. */
const underWay = new Set<string>();

export class TidyWork {
  /** Where the new file is made. */
  readonly temporary: string;
  /** How far it had come; null = nowhere. */
  begun: TidyState | null;
  private readonly source: FileMark;
  private readonly version: string;
  private length = 0;
  private hasSaved = false;

  private constructor(temporary: string, source: FileMark, version: string, saved: Saved | null) {
    this.temporary = temporary;
    this.source = source;
    this.version = version;
    this.begun = saved?.state ?? null;
    this.length = saved?.output.length ?? 0;
    this.hasSaved = saved !== null;
  }

  /** null: somebody in this process is at it. */
  static async begin(file: string, { size, mtimeMs, ino }: FileMark, version: string): Promise<TidyWork | null> {
    const temporary = `${file}${MARK}${process.pid}`;
    if (underWay.has(temporary)) return null;
    underWay.add(temporary);
    const source = { size, mtimeMs, ino };
    const saved = (await takeOver(file, temporary)) ? await readSaved(temporary, source, version) : null;
    if (!saved) await remove(temporary);
    return new TidyWork(temporary, source, version, saved);
  }

  /** It is begun anew. */
  async forget(output: OutputFile): Promise<void> {
    await output.close();
    this.begun = null;
    this.hasSaved = false;
    await remove(this.temporary);
  }

  open(createFile: (path: string) => Promise<OutputFile>): Promise<OutputFile> {
    return this.begun ? continueOutputFile(this.temporary, this.length) : createFile(this.temporary);
  }

  /** From now on it can be gone on from here. Where that cannot be kept, it is begun anew. */
  async save(output: OutputFile, state: TidyState): Promise<void> {
    try {
      await output.sync();
      const { ino } = await stat(this.temporary);
      const saved: Saved = {
        version: this.version,
        source: this.source,
        output: { ino, length: state.outputLength },
        state,
      };
      const bytes = serialize(saved);
      const checksum = Buffer.alloc(CHECKSUM_LENGTH);
      checksum.writeUInt32LE(crc32(bytes));
      await writeFile(`${this.temporary}${STATE}.new`, Buffer.concat([checksum, bytes]));
      await rename(`${this.temporary}${STATE}.new`, `${this.temporary}${STATE}`);
      this.hasSaved = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  /** `isToGoOn`: what was made so far stays for the next one. */
  async end(isToGoOn: boolean): Promise<void> {
    if (!isToGoOn || !this.hasSaved) await remove(this.temporary);
    underWay.delete(this.temporary);
  }
}

/** What was begun of a recording that is no more. */
export async function forgetTidying(file: string): Promise<void> {
  for (const left of await leftBehind(file)) await remove(left);
}

/** Whether `temporary` is what somebody left behind who is gone. One too many goes. */
async function takeOver(file: string, temporary: string): Promise<boolean> {
  let isTaken = false;
  for (const left of await leftBehind(file)) {
    if (isTaken || !(left === temporary || (await move(left, temporary)))) await remove(left);
    else isTaken = true;
  }
  return isTaken;
}

/** New files that nobody is at any more. */
async function leftBehind(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const begin = `${path.basename(file)}${MARK}`;
  const names = await readdir(folder).catch(() => []); // a folder that cannot be listed has other troubles
  const found: string[] = [];
  for (const name of names) {
    const pid = name.startsWith(begin) ? Number(name.slice(begin.length)) : Number.NaN;
    if (Number.isNaN(pid)) continue;
    const left = path.join(folder, name);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Number.NaN }));
    const isOld = Date.now() - mtimeMs > STALE_MS;
    if (pid === process.pid || isOld || !isAlive(pid)) found.push(left);
  }
  return found;
}

/** False where somebody else was quicker. */
async function move(left: string, temporary: string): Promise<boolean> {
  try {
    await rename(left, temporary);
    await rename(`${left}${STATE}`, `${temporary}${STATE}`);
    return true;
  } catch {
    return false; // it is begun anew then
  }
}

/** null where it is of no use: of another file, of another Sonde, or damaged. */
async function readSaved(temporary: string, source: FileMark, version: string): Promise<Saved | null> {
  try {
    const bytes = await readFile(`${temporary}${STATE}`);
    const content = bytes.subarray(CHECKSUM_LENGTH);
    if (crc32(content) !== bytes.readUInt32LE(0)) return null;
    const saved = deserialize(content) as Saved;
    const { size, ino } = await stat(temporary);
    const isOfIt =
      saved.version === version &&
      saved.source.size === source.size &&
      saved.source.mtimeMs === source.mtimeMs &&
      saved.source.ino === source.ino &&
      saved.output.ino === ino &&
      saved.output.length <= size;
    return isOfIt ? saved : null;
  } catch {
    return null; // it is begun anew then
  }
}

async function remove(temporary: string): Promise<void> {
  for (const name of [temporary, `${temporary}${STATE}`, `${temporary}${STATE}.new`])
    await unlink(name).catch(() => undefined); // gone is as good
}
