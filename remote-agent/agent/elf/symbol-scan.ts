/**
 * Reads a symbol table from its first entry to its last. The agent's own runtime has 75,000 symbols and nobody compiles
 * this loop for us (--no-opt), so it reads words of typed arrays, makes no objects, and calls only for what can matter.
 */
import { type Elf, EM_ARM, type SymbolTable } from './elf.ts';
import type { ByteReader } from './reader.ts';
import type { WantedAddresses } from './wanted-addresses.ts';
import { wordsOf } from './words.ts';

const WINDOW_BYTES = 64 << 10;
/** Chromium with full symbols has 1.2 million. */
const MAX_SYMBOLS = 4 << 20;
const WORDS_64 = 6;
const WORDS_32 = 4;
const WORD_BYTES = 4;
const WORD = 2 ** 32;

const STT_NOTYPE = 0;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;
const STB_LOCAL = 0;
const STB_GLOBAL = 1;

/** Per info byte: 0 = no code, else 1 + how much a symbol of this type and binding is worth among equals. */
const RANKS = Uint8Array.from({ length: 256 }, (_, info) => (isCode(info) ? 1 + rankOf(info) : 0));

/** `name`: where in the string table. */
export type SymbolSink = (start: number, size: number, rank: number, section: number, name: number) => void;

export class SymbolScan {
  private readonly elf: Elf;
  private readonly wanted: WantedAddresses;
  private readonly isOnlyHolders: boolean;
  private readonly sink: SymbolSink;

  /** `isOnlyHolders`: symbols that have a size and certainly hold no wanted address may be left out. */
  constructor(elf: Elf, wanted: WantedAddresses, isOnlyHolders: boolean, sink: SymbolSink) {
    this.elf = elf;
    this.wanted = wanted;
    this.isOnlyHolders = isOnlyHolders;
    this.sink = sink;
  }

  /** Gives how many symbols each window had. */
  *windows(reader: ByteReader, symbols: SymbolTable): Generator<number, void> {
    const words = this.elf.is64 ? WORDS_64 : WORDS_32;
    const entry = words * WORD_BYTES;
    const count = Math.min(Math.floor(symbols.size / entry), MAX_SYMBOLS);
    const perWindow = Math.floor(WINDOW_BYTES / entry);
    for (let first = 0; first < count; first += perWindow) {
      const wanted = Math.min(perWindow, count - first) * entry;
      const window = reader.read(symbols.offset + first * entry, wanted);
      if (this.elf.is64) this.scan64(wordsOf(window, this.elf.isLittle));
      else this.scan32(wordsOf(window, this.elf.isLittle));
      yield Math.floor(window.length / entry);
      if (window.length < wanted) return;
    }
  }

  /** name u32, info u8, other u8, section u16, value u64, size u64 */
  private scan64(words: Uint32Array): void {
    const { sink } = this;
    const { lowest, highest, bucketShift, nextInBucket, isWide } = this.wanted;
    const isOnlyHolders = this.isOnlyHolders && !isWide;
    const { isLittle } = this.elf;
    const low = isLittle ? 2 : 3;
    const high = 5 - low;
    const count = words.length - (words.length % WORDS_64);
    for (let at = 0; at < count; at += WORDS_64) {
      const top = words[at + high] as number;
      const start = top === 0 ? (words[at + low] as number) : top * WORD + (words[at + low] as number);
      if (start > highest) continue;
      const sizeTop = words[at + 2 + high] as number;
      const size = sizeTop === 0 ? (words[at + 2 + low] as number) : sizeTop * WORD + (words[at + 2 + low] as number);
      if (isOnlyHolders && size > 0) {
        const distance = start - lowest;
        if (distance + size <= (nextInBucket[distance > 0 ? distance >> bucketShift : 0] as number)) continue;
      }
      const kind = words[at + 1] as number;
      const rank = RANKS[isLittle ? kind & 0xff : kind >>> 24] as number;
      const section = isLittle ? kind >>> 16 : kind & 0xffff;
      if (rank > 0 && section > 0) sink(start, size, rank, section, words[at] as number);
    }
  }

  /** name u32, value u32, size u32, info u8, other u8, section u16 */
  private scan32(words: Uint32Array): void {
    const { sink } = this;
    const { highest } = this.wanted;
    const { isLittle, machine } = this.elf;
    const count = words.length - (words.length % WORDS_32);
    for (let at = 0; at < count; at += WORDS_32) {
      const value = words[at + 1] as number;
      // Bit 0 of an ARM function says that it is Thumb code.
      const start = machine === EM_ARM && value % 2 === 1 ? value - 1 : value;
      if (start > highest) continue;
      const kind = words[at + 3] as number;
      const rank = RANKS[isLittle ? kind & 0xff : kind >>> 24] as number;
      const section = isLittle ? kind >>> 16 : kind & 0xffff;
      if (rank > 0 && section > 0) sink(start, words[at + 2] as number, rank, section, words[at] as number);
    }
  }
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
