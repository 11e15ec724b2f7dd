/** Writes the smallest ELF files that have what the agent looks at: segments, a build-id, symbols. */
export interface ElfPlan {
  bits?: 32 | 64;
  isBigEndian?: boolean;
  machine?: number;
  buildId?: string;
  /** type FUNC and global where nothing is said. */
  symbols?: readonly {
    name: string;
    start: number;
    size?: number;
    type?: number;
    binding?: number;
    section?: number;
  }[];
  /** Only the table for dynamic linking is left. */
  isStripped?: boolean;
  /** Of the only code section, number 1. */
  code?: { offset: number; vaddr: number; size: number };
}

export const FUNC = 2;
export const NOTYPE = 0;
export const LOCAL = 0;
export const GLOBAL = 1;
export const WEAK = 2;

export function writeElf({
  bits = 64,
  isBigEndian = false,
  machine = 62,
  buildId = '',
  symbols = [],
  isStripped = false,
  code = { offset: 0x1000, vaddr: 0x401000, size: 0x1000 },
}: ElfPlan): Buffer {
  const is64 = bits === 64;
  const u16 = (value: number) =>
    put(2, (bytes) => (isBigEndian ? bytes.writeUInt16BE(value) : bytes.writeUInt16LE(value)));
  const u32 = (value: number) =>
    put(4, (bytes) => (isBigEndian ? bytes.writeUInt32BE(value) : bytes.writeUInt32LE(value)));
  const u64 = (value: number) =>
    put(8, (bytes) => (isBigEndian ? bytes.writeBigUInt64BE(BigInt(value)) : bytes.writeBigUInt64LE(BigInt(value))));
  const word = is64 ? u64 : u32;
  const u8 = (value: number) => Buffer.of(value);

  let strings = '\0';
  const entries = symbols.map(({ name, start, size = 0, type = FUNC, binding = GLOBAL, section = 1 }) => {
    const at = strings.length;
    strings += `${name}\0`;
    const info = u8((binding << 4) | type);
    return is64
      ? Buffer.concat([u32(at), info, u8(0), u16(section), u64(start), u64(size)])
      : Buffer.concat([u32(at), u32(start), u32(size), info, u8(0), u16(section)]);
  });
  const symbolSize = is64 ? 24 : 16;
  const symbolTable = Buffer.concat([Buffer.alloc(symbolSize), ...entries]);
  const note = buildId
    ? Buffer.concat([u32(4), u32(buildId.length / 2), u32(3), Buffer.from('GNU\0'), Buffer.from(buildId, 'hex')])
    : Buffer.alloc(0);

  const headerSize = is64 ? 64 : 52;
  const segmentSize = is64 ? 56 : 32;
  const sectionSize = is64 ? 64 : 40;
  const segmentCount = buildId ? 2 : 1;
  const noteAt = headerSize + segmentCount * segmentSize;
  const symbolsAt = Math.ceil((noteAt + note.length) / 8) * 8;
  const stringsAt = symbolsAt + symbolTable.length;
  const sectionsAt = Math.ceil((stringsAt + strings.length) / 8) * 8;

  const segment = (type: number, flags: number, offset: number, vaddr: number, size: number) =>
    is64
      ? Buffer.concat([u32(type), u32(flags), u64(offset), u64(vaddr), u64(vaddr), u64(size), u64(size), u64(1)])
      : Buffer.concat([u32(type), u32(offset), u32(vaddr), u32(vaddr), u32(size), u32(size), u32(flags), u32(1)]);
  const section = (type: number, vaddr: number, offset: number, size: number, link = 0) =>
    Buffer.concat([
      u32(0),
      u32(type),
      word(0),
      word(vaddr),
      word(offset),
      word(size),
      u32(link),
      u32(0),
      word(1),
      word(0),
    ]);

  const header = Buffer.concat([
    Buffer.of(0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isBigEndian ? 2 : 1, 1),
    Buffer.alloc(9),
    u16(3),
    u16(machine),
    u32(1),
    word(0),
    word(headerSize),
    word(sectionsAt),
    u32(0),
    u16(headerSize),
    u16(segmentSize),
    u16(segmentCount),
    u16(sectionSize),
    u16(4),
    u16(0),
  ]);
  const file = Buffer.alloc(sectionsAt + 4 * sectionSize);
  header.copy(file);
  segment(1, 5, code.offset, code.vaddr, code.size).copy(file, headerSize);
  if (buildId) segment(4, 4, noteAt, 0, note.length).copy(file, headerSize + segmentSize);
  note.copy(file, noteAt);
  symbolTable.copy(file, symbolsAt);
  file.write(strings, stringsAt, 'latin1');
  const sections = [
    section(0, 0, 0, 0),
    section(1, code.vaddr, code.offset, code.size),
    section(isStripped ? 11 : 2, 0, symbolsAt, symbolTable.length, 3),
    section(3, 0, stringsAt, strings.length),
  ];
  Buffer.concat(sections).copy(file, sectionsAt);
  return file;
}

function put(size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
}
