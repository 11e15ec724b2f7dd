/**
 * One pass over a symbol table for many addresses at once. The table is read through a window of 64 KiB and never held:
 * a browser's has a million entries. An address belongs to
 *
 *   1. the innermost symbol that contains it (start ≤ address < start + size), else
 *   2. the symbol right below it if that has no size (hand-written assembly), up to the end of its section, else
 *   3. none: it stays unnamed rather than get a neighbour's name.
 *
 * For 2 it must be known that no other symbol is in between, which is a second pass, made only where it can matter.
 */
import type { Elf, SymbolTable } from './elf.ts';
import type { ByteReader } from './reader.ts';
import { SymbolFinds } from './symbol-finds.ts';
import { bestName } from './symbol-name.ts';
import { SymbolScan, type SymbolSink } from './symbol-scan.ts';
import { WantedAddresses } from './wanted-addresses.ts';

/** Comparisons after which the caller is given a turn: about a millisecond. */
const WORK_PER_TURN = 20_000;
/** Sane symbols hardly overlap, so the work is about one step per symbol. Where it is not, the file is up to something. */
const MAX_WORK = 16 << 20;

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
  const pass = new Pass(elf, new WantedAddresses(addresses));
  yield* pass.over(reader, symbols, pass.holders);
  if (pass.isLoose) yield* pass.over(reader, symbols, pass.fences);
  return addresses.map((address, i) => pass.answer(reader, symbols, address, i));
}

class Pass {
  private readonly elf: Elf;
  private readonly wanted: WantedAddresses;
  /** Per address: the innermost symbol around it. */
  private readonly around: SymbolFinds;
  /** Per address: the highest symbol without a size that is above the previous address and not above this one. */
  private readonly below: SymbolFinds;
  /** Per address: the highest start of a symbol with a size, likewise. */
  private readonly fenceStarts: Float64Array;
  private work = 0;
  private workAtTurn = 0;

  constructor(elf: Elf, wanted: WantedAddresses) {
    this.elf = elf;
    this.wanted = wanted;
    this.around = new SymbolFinds(wanted.count);
    this.below = new SymbolFinds(wanted.count);
    this.fenceStarts = new Float64Array(wanted.count).fill(-1);
  }

  /** For the first pass. Nearly all symbols hold no wanted address, and are gone after two comparisons. */
  readonly holders: SymbolSink = (start, size, rank, section, name) => {
    const { wanted } = this;
    const end = start + size;
    if (size === 0) {
      const first = wanted.firstFrom(start);
      if (first < wanted.count) this.below.offer(first, start, size, rank, section, name);
      return;
    }
    for (let i = wanted.firstFrom(start); i < wanted.count && wanted.at(i) < end; i++) {
      this.around.offer(i, start, size, rank, section, name);
      this.work++;
    }
  };

  /** For the second. */
  readonly fences: SymbolSink = (start, size) => {
    const first = this.wanted.firstFrom(start);
    if (size > 0 && first < this.wanted.count && start > (this.fenceStarts[first] as number))
      this.fenceStarts[first] = start;
  };

  *over(reader: ByteReader, symbols: SymbolTable, sink: SymbolSink): Generator<void, void> {
    const scan = new SymbolScan(this.elf, this.wanted, sink === this.holders, sink);
    for (const count of scan.windows(reader, symbols)) {
      this.work += count;
      if (this.isExhausted) return;
      if (this.work - this.workAtTurn < WORK_PER_TURN) continue;
      this.workAtTurn = this.work;
      yield;
    }
  }

  private get isExhausted(): boolean {
    return this.work > MAX_WORK;
  }

  /** Some address is in no symbol, and behind one whose end is not known. */
  get isLoose(): boolean {
    for (let i = 0; i < this.wanted.count; i++) if (!this.around.has(i) && this.looseAt(i)) return true;
    return false;
  }

  answer(reader: ByteReader, symbols: SymbolTable, address: number, index: number): NamedRange | null {
    const around = this.around.at(index);
    const loose = around || this.isExhausted ? null : this.looseAt(index);
    const found = around ?? loose;
    if (!found || (loose && this.fenceAt(index) >= loose.start)) return null;
    const name = bestName(reader, symbols, found.names);
    // Without a size only as far as it is known to reach: another symbol may start right behind the address.
    return name === null ? null : { start: found.start, end: around ? found.start + found.size : address + 1, name };
  }

  /** The nearest symbol without a size, where the address is in its section. */
  private looseAt(index: number) {
    let nearest = index;
    while (nearest >= 0 && !this.below.has(nearest)) nearest--;
    const found = nearest < 0 ? null : this.below.at(nearest);
    return found && this.wanted.at(index) < this.sectionEnd(found.section) ? found : null;
  }

  private fenceAt(index: number): number {
    return this.fenceStarts.subarray(0, index + 1).reduce((highest, start) => Math.max(highest, start), -1);
  }

  private sectionEnd(index: number): number {
    const section = this.elf.sections[index];
    return section ? section.vaddr + section.size : 0;
  }
}
