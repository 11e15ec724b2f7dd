/**
 * The parts of an ELF file that names need: where it is loaded, its build-id, where its symbols are. 32 and 64 bits,
 * both byte orders. Files come from the device and may be anything: every size is bounded, and what does not fit the
 * file is as if it were not there.
 */
import { viewOf } from '../../protocol/index.ts';
import type { ByteReader } from './reader.ts';

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const PT_LOAD = 1;
const PT_NOTE = 4;
const PF_EXECUTABLE = 1;
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const NT_GNU_BUILD_ID = 3;
export const EM_ARM = 40;
/** Linkers make tens of these; the 64 KiB window of one read bounds them too. */
const MAX_PROGRAM_HEADERS = 512;
const MAX_SECTIONS = 4096;
/** An entry has 32 to 64 bytes; a table of larger ones is no table. */
const MAX_ENTRY_BYTES = 256;
const MAX_NOTE_BYTES = 4096;
const MAX_BUILD_ID_BYTES = 64;

export interface Segment {
  readonly offset: number;
  readonly vaddr: number;
  readonly fileSize: number;
  readonly isExecutable: boolean;
}

export interface Section {
  readonly type: number;
  readonly vaddr: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

export interface SymbolTable {
  readonly offset: number;
  readonly size: number;
  readonly stringsOffset: number;
  readonly stringsSize: number;
}

export interface Elf {
  readonly is64: boolean;
  readonly isLittle: boolean;
  readonly machine: number;
  readonly segments: readonly Segment[];
  /** Read when first asked for: until then the reader must be open. */
  readonly sections: readonly Section[];
  readonly buildId: Uint8Array;
}

/** null where it is no ELF file. */
export function parseElf(reader: ByteReader): Elf | null {
  const head = reader.read(0, 64).slice();
  if (head.length < 52 || !MAGIC.every((byte, i) => head[i] === byte)) return null;
  const is64 = head[4] === 2;
  if (is64 && head.length < 64) return null;
  return new ElfFile(reader, new Fields(head, is64, head[5] !== 2));
}

class ElfFile implements Elf {
  readonly is64: boolean;
  readonly isLittle: boolean;
  readonly machine: number;
  readonly segments: readonly Segment[];
  readonly buildId: Uint8Array;
  private readonly reader: ByteReader;
  private readonly file: Fields;
  private readSections: readonly Section[] | null = null;

  constructor(reader: ByteReader, file: Fields) {
    this.reader = reader;
    this.file = file;
    this.is64 = file.is64;
    this.isLittle = file.isLittle;
    this.machine = file.u16(18, 18);
    const segments = this.programHeaders();
    this.segments = segments.filter(({ type }) => type === PT_LOAD);
    this.buildId = this.findBuildId(segments.filter(({ type }) => type === PT_NOTE));
  }

  /** Most files are only asked for their build-id, and their tens of sections would be most of the work. */
  get sections(): readonly Section[] {
    this.readSections ??= this.sectionHeaders();
    return this.readSections;
  }

  private programHeaders(): (Segment & { readonly type: number })[] {
    const { reader, file } = this;
    const place = { offset: file.word(28, 32), entrySize: file.u16(42, 54), count: file.u16(44, 56) };
    return table(reader, file, place, MAX_PROGRAM_HEADERS, this.is64 ? 56 : 32, (header) => ({
      type: header.u32(0, 0),
      offset: header.word(4, 8),
      vaddr: header.word(8, 16),
      fileSize: header.word(16, 32),
      isExecutable: (header.u32(24, 4) & PF_EXECUTABLE) !== 0,
    }));
  }

  private sectionHeaders(): Section[] {
    const { reader, file } = this;
    const place = { offset: file.word(32, 40), entrySize: file.u16(46, 58), count: file.u16(48, 60) };
    return table(reader, file, place, MAX_SECTIONS, this.is64 ? 64 : 40, (header) => ({
      type: header.u32(4, 4),
      vaddr: header.word(12, 16),
      offset: header.word(16, 24),
      size: header.word(20, 32),
      link: header.u32(24, 40),
    }));
  }

  private findBuildId(notes: readonly Segment[]): Uint8Array {
    for (const note of notes) {
      const buildId = readBuildId(this.reader, note, this.isLittle);
      if (buildId.length > 0) return buildId;
    }
    return new Uint8Array(0);
  }
}

/** Where the file's bytes at `offset` are when loaded; -1 where they are not. Executable segments go first: pages at
 * the border of two segments are in both. */
export function vaddrOf(elf: Elf, offset: number): number {
  const holds = ({ offset: start, fileSize }: Segment) => offset >= start && offset < start + fileSize;
  const segment = elf.segments.find((one) => one.isExecutable && holds(one)) ?? elf.segments.find(holds);
  return segment ? offset - segment.offset + segment.vaddr : -1;
}

/** The full table where it was not stripped, else the one for dynamic linking. */
export function symbolTable(elf: Elf): (SymbolTable & { readonly isFull: boolean }) | null {
  for (const type of [SHT_SYMTAB, SHT_DYNSYM]) {
    const section = elf.sections.find((one) => one.type === type && one.size > 0);
    const strings = section && elf.sections[section.link];
    if (!section || !strings) continue;
    const { offset, size } = section;
    return { offset, size, stringsOffset: strings.offset, stringsSize: strings.size, isFull: type === SHT_SYMTAB };
  }
  return null;
}

/** Reads as many entries at once as one read can give. `take` must not keep what it is given. */
function table<Entry>(
  reader: ByteReader,
  { is64, isLittle }: Fields,
  { offset, entrySize, count }: { offset: number; entrySize: number; count: number },
  max: number,
  needed: number,
  take: (entry: Fields) => Entry,
): Entry[] {
  if (entrySize < needed || entrySize > MAX_ENTRY_BYTES || count > max || offset === 0) return [];
  const entries: Entry[] = [];
  while (entries.length < count) {
    const bytes = reader.read(offset + entries.length * entrySize, (count - entries.length) * entrySize);
    if (bytes.length < needed) return entries;
    for (let at = 0; at + needed <= bytes.length; at += entrySize)
      entries.push(take(new Fields(bytes.subarray(at, at + needed), is64, isLittle)));
  }
  return entries;
}

/** Notes: u32 name size, u32 content size, u32 type, name, content; both padded to 4. */
function readBuildId(reader: ByteReader, { offset, fileSize }: Segment, isLittle: boolean): Uint8Array {
  const notes = reader.read(offset, Math.min(fileSize, MAX_NOTE_BYTES));
  const view = viewOf(notes);
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameSize = view.getUint32(at, isLittle);
    const size = view.getUint32(at + 4, isLittle);
    const content = at + 12 + padded(nameSize);
    const isGnu = nameSize === 4 && notes[at + 12] === 0x47 && notes[at + 13] === 0x4e && notes[at + 14] === 0x55;
    const fits = size > 0 && size <= MAX_BUILD_ID_BYTES && content + size <= notes.length;
    if (isGnu && view.getUint32(at + 8, isLittle) === NT_GNU_BUILD_ID && fits)
      return notes.slice(content, content + size);
    at = content + padded(size);
  }
  return new Uint8Array(0);
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** Fields whose place differs between 32 and 64 bits. Numbers are doubles: above 2^53 they are inexact, and then point
 * outside of any file. */
class Fields {
  readonly is64: boolean;
  readonly isLittle: boolean;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, is64: boolean, isLittle: boolean) {
    this.view = viewOf(bytes);
    this.is64 = is64;
    this.isLittle = isLittle;
  }

  u16(at32: number, at64: number): number {
    return this.view.getUint16(this.is64 ? at64 : at32, this.isLittle);
  }

  u32(at32: number, at64: number): number {
    return this.view.getUint32(this.is64 ? at64 : at32, this.isLittle);
  }

  word(at32: number, at64: number): number {
    return this.is64 ? Number(this.view.getBigUint64(at64, this.isLittle)) : this.view.getUint32(at32, this.isLittle);
  }
}
