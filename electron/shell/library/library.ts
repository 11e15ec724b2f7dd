/**
 * The recordings in Sonde's own folder. What is in each is found by a process of its own, once: a file is looked at again
 * when its size or time has changed.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Fault, faultOf, raise } from '../../../remote-agent/protocol/index.ts';
import {
  type AboutRecording,
  type CleanUpRules,
  type Deleted,
  type DeleteWay,
  dueForCleanUp,
  type Library as Listed,
  type LibraryEntry,
} from '../../bridge/library.ts';
import { forgetTidying, RECORDING_EXTENSION } from '../../recording/index.ts';
import { libraryFiles, type Looked, type UserWords } from './index-file.ts';

/** A mark that begins so keeps its recording. */
const KEEP = /^keep\b/i;
/** What was found is kept on disk now and then, in case the rest is never looked at. */
const SAVE_EVERY = 50;

export interface LibraryDeps {
  /** Of the recordings, as it is set now. */
  readonly folder: () => string;
  /** Where the index is kept. */
  readonly userData: string;
  /** Recordings that a session reads or writes now. */
  readonly open: () => ReadonlySet<string>;
  /** Looks at files, one after the other; resolves when there are no more. */
  readonly look: (files: readonly string[], told: (file: string, about: AboutRecording) => void) => Promise<void>;
  readonly trash: (file: string) => Promise<void>;
  /** Something is known now that was not before. */
  readonly changed: () => void;
}

export class Library {
  readonly #deps: LibraryDeps;
  readonly #files: ReturnType<typeof libraryFiles>;
  #looked: Map<string, Looked> | null = null;
  #looking = false;
  /** Whoever looked into them ended before it could tell: not tried again before the next start. */
  readonly #failed = new Map<string, Looked>();

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
    this.#files = libraryFiles(deps.userData);
  }

  async list(): Promise<Listed> {
    const folder = this.#deps.folder();
    const words = this.#files.words.read();
    const recordings = await this.#entries(words);
    void this.#lookAt(recordings);
    return { folder, recordings, rules: words.rules };
  }

  note(file: string, note: string): void {
    const name = this.#nameOf(file);
    this.#change((words) => {
      const { [name]: _, ...others } = words.notes;
      return { ...words, notes: note.trim() === '' ? others : { ...others, [name]: note.trim() } };
    });
  }

  keep(file: string, isKept: boolean): void {
    const name = this.#nameOf(file);
    this.#change((words) => {
      const others = words.kept.filter((each) => each !== name);
      return { ...words, kept: isKept ? [...others, name] : others };
    });
  }

  setRules(rules: CleanUpRules): void {
    this.#change((words) => ({ ...words, rules }));
  }

  /** One fault does not keep the others from going. */
  async remove(files: readonly string[], way: DeleteWay): Promise<readonly Deleted[]> {
    const deleted: Deleted[] = [];
    for (const file of files) deleted.push({ file, fault: await this.#removeOne(file, way) });
    return deleted;
  }

  /** Those of `files` that go by the rules as they are now: much may have happened since they were shown. */
  async cleanUp(files: readonly string[], way: DeleteWay, nowMs: number): Promise<readonly Deleted[]> {
    const words = this.#files.words.read();
    const due = dueForCleanUp(await this.#entries(words), words.rules, nowMs).map(({ file }) => file);
    return this.remove(
      files.filter((file) => due.includes(file)),
      way,
    );
  }

  async #entries(words: UserWords): Promise<LibraryEntry[]> {
    const folder = this.#deps.folder();
    const names = await readdir(folder).catch(() => []); // nothing was recorded yet
    const open = this.#deps.open();
    const found = await Promise.all(
      names
        .filter((name) => name.endsWith(RECORDING_EXTENSION))
        .map((name) => this.#entry(path.join(folder, name), words, open)),
    );
    return found.filter((entry) => entry !== null);
  }

  async #entry(file: string, words: UserWords, open: ReadonlySet<string>): Promise<LibraryEntry | null> {
    const found = await stat(file).catch(() => null); // deleted since the listing
    if (!found?.isFile()) return null;
    const name = path.basename(file);
    const looked = this.#failed.get(name) ?? this.#known().get(name);
    const isSame = looked?.bytes === found.size && looked.modifiedMs === found.mtimeMs;
    const about: AboutRecording = looked && (isSame || open.has(file)) ? looked.about : { kind: 'waiting' };
    return {
      file,
      bytes: found.size,
      modifiedMs: found.mtimeMs,
      note: words.notes[name] ?? '',
      isKept: words.kept.includes(name) || (about.kind === 'read' && about.marks.some((mark) => KEEP.test(mark))),
      isOpen: open.has(file),
      about,
    };
  }

  async #lookAt(recordings: readonly LibraryEntry[]): Promise<void> {
    // What is being written is looked at when it is finished, or now and then: once is enough.
    const waiting = recordings
      .filter(({ about }) => about.kind === 'waiting')
      .toSorted((a, b) => b.modifiedMs - a.modifiedMs);
    if (this.#looking || waiting.length === 0) return;
    this.#looking = true;
    const entries = new Map(waiting.map((entry) => [entry.file, entry]));
    let since = 0;
    try {
      await this.#deps.look([...entries.keys()], (file, about) => {
        const entry = entries.get(file);
        if (!entry) return;
        entries.delete(file);
        this.#known().set(path.basename(file), { bytes: entry.bytes, modifiedMs: entry.modifiedMs, about });
        if (++since % SAVE_EVERY === 0) this.#save(recordings);
        this.#deps.changed();
      });
    } finally {
      this.#looking = false;
    }
    const [culprit] = entries.values();
    if (culprit) this.#setAside(culprit);
    this.#save(recordings);
    this.#deps.changed();
  }

  #setAside({ file, bytes, modifiedMs }: LibraryEntry): void {
    const about: AboutRecording = {
      kind: 'unreadable',
      message: `cannot open ${file}: looking into it ended unexpectedly`,
      hint: 'Opening it may still work.',
    };
    this.#failed.set(path.basename(file), { bytes, modifiedMs, about });
  }

  #known(): Map<string, Looked> {
    this.#looked ??= new Map(Object.entries(this.#files.looked.read()));
    return this.#looked;
  }

  /** Of files that are still there. */
  #save(recordings: readonly LibraryEntry[]): void {
    const names = new Set(recordings.map(({ file }) => path.basename(file)));
    try {
      this.#files.looked.write(Object.fromEntries([...this.#known()].filter(([name]) => names.has(name))));
    } catch (error) {
      console.error(`cannot remember what is in the recordings: ${String(error)}`); // it is found again
    }
  }

  #change(next: (words: UserWords) => UserWords): void {
    try {
      this.#files.words.write(next(this.#files.words.read()));
    } catch (error) {
      raise('file-io', `cannot keep that: ${String(error)}`);
    }
  }

  /** The page names files; only those of the library are touched. */
  #nameOf(file: string): string {
    const folder = this.#deps.folder();
    if (path.dirname(file) !== folder || !file.endsWith(RECORDING_EXTENSION))
      raise('bad-option', `cannot do that with ${file}: it is no recording of the library`);
    return path.basename(file);
  }

  async #removeOne(file: string, way: DeleteWay): Promise<Fault | null> {
    try {
      this.#nameOf(file);
      if (this.#deps.open().has(file)) raise('file-io', `cannot delete ${file}: it is open`, 'Close it first.');
      await (way === 'trash' ? this.#deps.trash(file) : rm(file)).catch((error: unknown) =>
        raise('file-io', `cannot delete ${file}: ${error instanceof Error ? error.message : String(error)}`),
      );
      await forgetTidying(file);
      return null;
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      return fault;
    }
  }
}
