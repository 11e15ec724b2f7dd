/** Names in a string table. */
import type { SymbolTable } from './elf.ts';
import type { ByteReader } from './reader.ts';

const MAX_NAME_BYTES = 4096;

/** Of aliases the one with fewest leading underscores, then the shortest: malloc, not __libc_malloc. */
export function bestName(reader: ByteReader, symbols: SymbolTable, offsets: readonly number[]): string | null {
  const names = offsets.map((offset) => readName(reader, symbols, offset)).filter((name) => name !== '');
  names.sort((a, b) => underscores(a) - underscores(b) || a.length - b.length || (a < b ? -1 : 1));
  return names[0] ?? null;
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
