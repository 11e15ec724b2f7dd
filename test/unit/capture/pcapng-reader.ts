// Reads pcapng as its specification has it, and as little like our writer as can be: sections of either byte order,
// every block checked by both of its lengths.

export interface ReadOption {
  readonly code: number;
  readonly value: Buffer;
}

export interface ReadBlock {
  readonly type: number;
  readonly body: Buffer;
  readonly options: readonly ReadOption[];
}

export interface ReadInterface {
  readonly linkType: number;
  readonly snapBytes: number;
  readonly name: string;
  readonly filter: string;
  readonly resolution: number;
}

export interface ReadPacket {
  readonly interface: ReadInterface;
  readonly ns: bigint;
  readonly bytes: Buffer;
  readonly originalLength: number;
  readonly direction: number;
  readonly reception: number;
  readonly comment: string;
}

export interface ReadStatistics {
  readonly interface: number;
  readonly accepted: bigint;
  readonly lost: bigint;
  readonly delivered: bigint;
  readonly comment: string;
}

export interface ReadFile {
  readonly section: {
    readonly hardware: string;
    readonly os: string;
    readonly application: string;
    readonly comment: string;
  };
  readonly interfaces: readonly ReadInterface[];
  readonly packets: readonly ReadPacket[];
  readonly statistics: readonly ReadStatistics[];
}

const SECTION = 0x0a0d0d0a;
/** Bytes in front of the options, by type; of a packet's, its own come on top. */
const FIXED: Readonly<Record<number, number>> = { [SECTION]: 16, 1: 8, 5: 12, 6: 20 };

export function readPcapng(file: Buffer): ReadFile {
  const blocks = [...readBlocks(file)];
  const [first] = blocks;
  if (first?.type !== SECTION) throw new Error('it does not begin with a section');
  const interfaces: ReadInterface[] = [];
  const packets: ReadPacket[] = [];
  const statistics: ReadStatistics[] = [];
  for (const block of blocks.slice(1)) {
    if (block.type === 1) interfaces.push(readInterface(block));
    else if (block.type === 6) packets.push(readPacket(block, interfaces));
    else if (block.type === 5) statistics.push(readStatistics(block));
    else throw new Error(`a block of type ${block.type}`);
  }
  const section = {
    hardware: text(first, 2),
    os: text(first, 3),
    application: text(first, 4),
    comment: text(first, 1),
  };
  return { section, interfaces, packets, statistics };
}

function* readBlocks(file: Buffer): Generator<ReadBlock> {
  for (let at = 0; at < file.length; ) {
    const type = file.readUInt32LE(at);
    if (type === SECTION && file.readUInt32LE(at + 8) !== 0x1a2b3c4d) throw new Error('not little endian');
    const length = file.readUInt32LE(at + 4);
    if (length % 4 !== 0 || length < 12) throw new Error(`a block of ${length} bytes`);
    if (at + length > file.length) throw new Error('a block is cut');
    if (file.readUInt32LE(at + length - 4) !== length) throw new Error('the two lengths differ');
    const whole = file.subarray(at + 8, at + length - 4);
    const fixed = FIXED[type] ?? whole.length;
    const body = fixed + (type === 6 ? Math.ceil(whole.readUInt32LE(12) / 4) * 4 : 0);
    yield { type, body: whole.subarray(0, body), options: [...readOptions(whole.subarray(body))] };
    at += length;
  }
}

function* readOptions(bytes: Buffer): Generator<ReadOption> {
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) {
      if (at + 4 !== bytes.length) throw new Error('something follows the end of options');
      return;
    }
    if (at + 4 + length > bytes.length) throw new Error('an option is cut');
    yield { code, value: bytes.subarray(at + 4, at + 4 + length) };
    at += 4 + Math.ceil(length / 4) * 4;
  }
  throw new Error('options without an end');
}

function readInterface(block: ReadBlock): ReadInterface {
  return {
    linkType: block.body.readUInt16LE(0),
    snapBytes: block.body.readUInt32LE(4),
    name: text(block, 2),
    filter: text(block, 11).replace(/^\0/, ''),
    resolution: option(block, 9)?.readUInt8() ?? 6,
  };
}

function readPacket(block: ReadBlock, interfaces: readonly ReadInterface[]): ReadPacket {
  const from = interfaces[block.body.readUInt32LE(0)];
  if (!from) throw new Error('a packet of no interface');
  const flags = option(block, 2)?.readUInt32LE() ?? 0;
  return {
    interface: from,
    ns: (BigInt(block.body.readUInt32LE(4)) << 32n) | BigInt(block.body.readUInt32LE(8)),
    bytes: block.body.subarray(20, 20 + block.body.readUInt32LE(12)),
    originalLength: block.body.readUInt32LE(16),
    direction: flags & 3,
    reception: (flags >> 2) & 7,
    comment: text(block, 1),
  };
}

function readStatistics(block: ReadBlock): ReadStatistics {
  const number = (code: number): bigint => option(block, code)?.readBigUInt64LE() ?? -1n;
  return {
    interface: block.body.readUInt32LE(0),
    accepted: number(6),
    lost: number(7),
    delivered: number(8),
    comment: text(block, 1),
  };
}

function option({ options }: ReadBlock, code: number): Buffer | undefined {
  return options.find((each) => each.code === code)?.value;
}

function text(block: ReadBlock, code: number): string {
  return option(block, code)?.toString('utf8') ?? '';
}
