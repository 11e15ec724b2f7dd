/**
 * One pass over a symbol table for many addresses at once. The table is read through a window of 64 KiB and never held:
 * a browser's has a million entries. An address belongs to
 *
 *   1. the innermost symbol that contains it (start ≤ address < start + size), else
 *   2. the symbol right below it if that has no size (hand-written assembly), up to the end of its section, else
 *   3. none: it stays unnamed rather than get a neighbour's name.
 */
import { viewOf } from '../../protocol/index.ts';
import { type Elf, EM_ARM, type SymbolTable } from './elf.ts';
import type { ByteReader } from './reader.ts';

const WINDOW_BYTES = 64 << 10;
/** Chromium with full symbols has 1.2 million. */
const MAX_SYMBOLS = 4 << 20;
/** Comparisons after which the caller is given a turn: about a millisecond. */
const WORK_PER_TURN = 20_000;
/** Sane symbols hardly overlap, so the work is about one step per symbol. Where it is not, the file is up to something. */
const MAX_WORK = 4 * MAX_SYMBOLS;
const MAX_NAME_BYTES = 4096;
const MAX_ALIASES = 4;
const ENTRY_64 = 24;
const ENTRY_32 = 16;
const BUCKETS = 1024;
const WORD = 2 ** 32;

const STT_NOTYPE = 0;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;
const STB_LOCAL = 0;
const STB_GLOBAL = 1;

export interface NamedRange {
  /** Addresses as linked: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Latin-1: one character per byte, whatever the bytes are. */
  readonly name: string;
}

/** `addresses` ascending, at most some hundred. Yields when it has worked for a while; returns one answer per address. */
export function* symbolPass(
  reader: ByteReader,
  elf: Elf,
  symbols: SymbolTable,
  addresses: readonly number[],
): Generator<void, (NamedRange | null)[]> {
  const pass = new Pass(elf, Float64Array.from(addresses));
  const entry = elf.is64 ? ENTRY_64 : ENTRY_32;
  const count = Math.min(Math.floor(symbols.size / entry), MAX_SYMBOLS);
  const perWindow = Math.floor(WINDOW_BYTES / entry);
  for (let first = 0; first < count; first += perWindow) {
    const wanted = Math.min(perWindow, count - first) * entry;
    const window = reader.read(symbols.offset + first * entry, wanted);
    pass.scan(window);
    if (pass.takeTurn()) yield;
    if (window.length < wanted || pass.isExhausted) break;
  }
  return pass.answers(reader, symbols);
}

interface Candidate {
  start: number;
  size: number;
  rank: number;
  section: number;
  /** Where in the string table its names are; several symbols may share a start. */
  names: number[];
}

class Pass {
  private readonly elf: Elf;
  private readonly addresses: Float64Array;
  /** Per address: the innermost symbol around it. */
  private readonly around: (Candidate | undefined)[] = [];
  /** Per address: the highest symbol above the previous address and not above this one. */
  private readonly below: (Candidate | undefined)[] = [];
  private readonly lowest: number;
  private readonly highest: number;
  /** The span of addresses cut into equal parts, and the first address in or after each. */
  private readonly buckets = new Uint16Array(BUCKETS);
  private readonly bucketSize: number;
  private work = 0;
  private workAtTurn = 0;

  constructor(elf: Elf, addresses: Float64Array) {
    this.elf = elf;
    this.addresses = addresses;
    this.lowest = addresses[0] ?? 0;
    this.highest = addresses.at(-1) ?? -1;
    this.bucketSize = Math.max(1, Math.ceil((this.highest - this.lowest + 1) / BUCKETS));
    for (let bucket = 0, index = 0; bucket < BUCKETS; bucket++) {
      while ((addresses[index] ?? Number.POSITIVE_INFINITY) < this.lowest + bucket * this.bucketSize) index++;
      this.buckets[bucket] = index;
    }
  }

  get isExhausted(): boolean {
    return this.work > MAX_WORK;
  }

  takeTurn(): boolean {
    if (this.work - this.workAtTurn < WORK_PER_TURN) return false;
    this.workAtTurn = this.work;
    return true;
  }

  scan(window: Uint8Array): void {
    if (this.elf.is64) this.scan64(viewOf(window));
    else this.scan32(viewOf(window));
    this.work += window.length / (this.elf.is64 ? ENTRY_64 : ENTRY_32);
  }

  /** name u32, info u8, other u8, section u16, value u64, size u64 */
  private scan64(view: DataView): void {
    const { isLittle } = this.elf;
    const low = isLittle ? 0 : 4;
    const high = 4 - low;
    for (let at = 0; at + ENTRY_64 <= view.byteLength; at += ENTRY_64) {
      const info = view.getUint8(at + 4);
      if (!isCode(info)) continue;
      const start = view.getUint32(at + 8 + high, isLittle) * WORD + view.getUint32(at + 8 + low, isLittle);
      if (start > this.highest) continue;
      const section = view.getUint16(at + 6, isLittle);
      if (section === 0) continue;
      const size = view.getUint32(at + 16 + high, isLittle) * WORD + view.getUint32(at + 16 + low, isLittle);
      this.offer(start, size, rankOf(info), section, view.getUint32(at, isLittle));
    }
  }

  /** name u32, value u32, size u32, info u8, other u8, section u16 */
  private scan32(view: DataView): void {
    const { isLittle, machine } = this.elf;
    for (let at = 0; at + ENTRY_32 <= view.byteLength; at += ENTRY_32) {
      const info = view.getUint8(at + 12);
      const section = view.getUint16(at + 14, isLittle);
      if (section === 0 || !isCode(info)) continue;
      const value = view.getUint32(at + 4, isLittle);
      // Bit 0 of an ARM function says that it is Thumb code.
      const start = machine === EM_ARM && value % 2 === 1 ? value - 1 : value;
      if (start <= this.highest)
        this.offer(start, view.getUint32(at + 8, isLittle), rankOf(info), section, view.getUint32(at, isLittle));
    }
  }

  private offer(start: number, size: number, rank: number, section: number, name: number): void {
    const first = this.firstFrom(start);
    this.below[first] = better(this.below[first], start, size, rank, section, name);
    for (let i = first; i < this.addresses.length && (this.addresses[i] ?? 0) < start + size; i++) {
      this.around[i] = better(this.around[i], start, size, rank, section, name);
      this.work++;
    }
  }

  /** Index of the first address ≥ start, which is not above the highest: from the bucket's first on, a step or two. */
  private firstFrom(start: number): number {
    let index = start <= this.lowest ? 0 : (this.buckets[Math.floor((start - this.lowest) / this.bucketSize)] ?? 0);
    while ((this.addresses[index] ?? start) < start) index++;
    return index;
  }

  answers(reader: ByteReader, symbols: SymbolTable): (NamedRange | null)[] {
    let below: Candidate | undefined;
    return Array.from(this.addresses, (address, i) => {
      below = this.below[i] ?? below;
      const around = this.around[i];
      if (around) return named(reader, symbols, around, around.start + around.size);
      if (!below || below.size !== 0) return null;
      const end = this.sectionEnd(below.section);
      // Only as far as it is known to reach: another symbol may start right behind the address.
      return address < end ? named(reader, symbols, below, address + 1) : null;
    });
  }

  private sectionEnd(index: number): number {
    const section = this.elf.sections[index];
    return section ? section.vaddr + section.size : 0;
  }
}

/** The later start is the inner symbol; of equal starts sized ones and stronger ones win; equals are aliases. */
function better(
  old: Candidate | undefined,
  start: number,
  size: number,
  rank: number,
  section: number,
  name: number,
): Candidate {
  const isNew = !old || start > old.start;
  const isSame = old !== undefined && start === old.start;
  if (isNew || (isSame && (size > 0 ? 1 : 0) * 4 + rank > (old.size > 0 ? 1 : 0) * 4 + old.rank))
    return { start, size, rank, section, names: [name] };
  if (isSame && rank === old.rank && old.names.length < MAX_ALIASES && size > 0 === old.size > 0) old.names.push(name);
  return old;
}

function isCode(info: number): boolean {
  const type = info & 15;
  // Assembly labels have no type; local ones are often no functions at all ($a, $d, .L1).
  return type === STT_FUNC || type === STT_GNU_IFUNC || (type === STT_NOTYPE && info >> 4 !== STB_LOCAL);
}

function rankOf(info: number): number {
  const binding = info >> 4;
  return (info & 15) === STT_NOTYPE ? 0 : binding === STB_GLOBAL ? 3 : binding === STB_LOCAL ? 1 : 2;
}

/** Of aliases the one with fewest leading underscores, then the shortest: malloc, not __libc_malloc. */
function named(reader: ByteReader, symbols: SymbolTable, { start, names }: Candidate, end: number): NamedRange | null {
  const texts = names.map((offset) => readName(reader, symbols, offset)).filter((text) => text !== '');
  texts.sort((a, b) => underscores(a) - underscores(b) || a.length - b.length || (a < b ? -1 : 1));
  const name = texts[0];
  return name === undefined ? null : { start, end, name };
}

function underscores(name: string): number {
  return name.length - name.replace(/^_+/, '').length;
}

/** Most names are short: a first read of 256 bytes, a second one only where that was not enough. */
function readName(reader: ByteReader, { stringsOffset, stringsSize }: SymbolTable, offset: number): string {
  if (offset === 0 || offset >= stringsSize) return '';
  for (const length of [256, MAX_NAME_BYTES]) {
    const bytes = reader.read(stringsOffset + offset, Math.min(length, stringsSize - offset));
    const end = bytes.indexOf(0);
    if (end >= 0) return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
  }
  return ''; // longer than any sane name, or cut off
}
