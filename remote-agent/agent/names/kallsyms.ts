/**
 * The kernel's function names: `loader kallsyms` writes them as a sorted table into a file (its format is drawn in
 * bpf/loader/kallsyms.c), and this searches the file. Only every 64th address is held in memory: 1,000 numbers.
 */
import { closeSync } from 'node:fs';
import { viewOf } from '../../protocol/index.ts';
import { type ByteReader, FileReader } from '../elf/reader.ts';
import { openRegular } from '../proc/procfs.ts';

const MAGIC = 'SONDEKS1';
const HEADER_BYTES = 16;
const ENTRY_BYTES = 16;
const BLOCK = 64;
const MAX_SYMBOLS = 1 << 20;
const MAX_NAME_BYTES = 512;
/**
 * A table says where functions start, not where they end. The last function of the kernel or of a module has no
 * successor there: whatever lies further behind it than this (code loaded later, a BPF program) is not given its name.
 */
const LAST_FUNCTION_BYTES = 4096;
/** Addresses are kept as their low 52 bits: exact in a double, and still in order. */
const TOP_WORD_MASK = 0xf_ffff;

export interface KernelSymbol {
  /** Low 52 bits, like every address in the agent. */
  readonly start: number;
  readonly name: Buffer;
  /** "" = the kernel itself. */
  readonly module: string;
}

export class Kallsyms {
  private readonly reader: ByteReader;
  private readonly count: number;
  private readonly namesAt: number;
  /** First address of each block. */
  private readonly blocks: Float64Array;

  private constructor(reader: ByteReader, count: number, blocks: Float64Array) {
    this.reader = reader;
    this.count = count;
    this.namesAt = HEADER_BYTES + count * ENTRY_BYTES;
    this.blocks = blocks;
  }

  /** null where the table is missing, unfinished or no such table. */
  static open(path: string): { table: Kallsyms; close: () => void } | null {
    const file = openRegular(path);
    if (!file) return null;
    const table = Kallsyms.read(new FileReader(file.fd));
    if (table) return { table, close: () => closeSync(file.fd) };
    closeSync(file.fd);
    return null;
  }

  static read(reader: ByteReader): Kallsyms | null {
    const header = reader.read(0, HEADER_BYTES);
    if (header.length < HEADER_BYTES || Buffer.from(header.subarray(0, 8)).toString('latin1') !== MAGIC) return null;
    const count = viewOf(header).getUint32(8, true);
    if (count === 0 || count > MAX_SYMBOLS) return null;
    const blocks = new Float64Array(Math.ceil(count / BLOCK));
    for (let i = 0; i < blocks.length; i++) {
      const entry = reader.read(HEADER_BYTES + i * BLOCK * ENTRY_BYTES, 8);
      if (entry.length < 8) return null;
      blocks[i] = lowAddress(viewOf(entry), 0);
    }
    return new Kallsyms(reader, count, blocks);
  }

  /** The function that holds `address` (its low 52 bits); null where none does for certain. */
  find(address: number): KernelSymbol | null {
    const block = lastNotAbove(this.blocks.length, address, (i) => this.blocks[i] ?? 0);
    if (block < 0) return null;
    const first = block * BLOCK;
    // One entry more than the block, to know where its last function ends.
    const entries = this.reader.read(
      HEADER_BYTES + first * ENTRY_BYTES,
      Math.min(BLOCK + 1, this.count - first) * ENTRY_BYTES,
    );
    const view = viewOf(entries);
    const held = Math.floor(entries.length / ENTRY_BYTES);
    const at = lastNotAbove(Math.min(held, BLOCK), address, (i) => lowAddress(view, i * ENTRY_BYTES));
    if (at < 0) return null;
    const start = lowAddress(view, at * ENTRY_BYTES);
    const name = view.getUint32(at * ENTRY_BYTES + 8, true);
    const module = view.getUint32(at * ENTRY_BYTES + 12, true);
    const isLast = at + 1 >= held || view.getUint32((at + 1) * ENTRY_BYTES + 12, true) !== module;
    if (isLast && address - start >= LAST_FUNCTION_BYTES) return null;
    return { start, name: this.text(name), module: module === 0 ? '' : this.text(module).toString('latin1') };
  }

  private text(offset: number): Buffer {
    const bytes = this.reader.read(this.namesAt + offset, MAX_NAME_BYTES);
    const end = bytes.indexOf(0);
    return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end));
  }
}

/** Low 52 bits of the u64 at `at`. */
export function lowAddress(view: DataView, at: number): number {
  return (view.getUint32(at + 4, true) & TOP_WORD_MASK) * 2 ** 32 + view.getUint32(at, true);
}

/** Index of the last of `count` rising values that is not above `value`; -1 where all are. */
function lastNotAbove(count: number, value: number, at: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
