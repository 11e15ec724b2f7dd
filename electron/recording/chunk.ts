/** One chunk of a recording: its head, and the messages in it once their checksum is right. */
import { crc32 } from 'node:zlib';
import { Opcode } from '@mcap/core';
import { decompress } from './compression.ts';
import { Cursor } from './cursor.ts';

/** 16 times what Sonde writes. A file that asks for more was not made to be read. */
const MAX_UNCOMPRESSED = 64 << 20;
/** Times, sizes, checksum and the name of the compression stand before the compressed bytes. */
export const MAX_CHUNK_HEAD = 64;
const RECORD_HEAD = 9;

export interface ChunkHead {
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  readonly uncompressedSize: number;
  readonly uncompressedCrc: number;
  readonly compression: string;
  readonly compressedSize: number;
  /** Of the head itself; the compressed bytes follow. */
  readonly headLength: number;
}

export interface RawMessage {
  readonly channelId: number;
  readonly sequence: number;
  readonly logNs: bigint;
  readonly data: Uint8Array;
}

export interface RawChannel {
  readonly id: number;
  readonly schemaId: number;
  readonly topic: string;
}

/** What a chunk holds, in order. Other tools put schemas and channels into chunks; Sonde does not. */
export interface ChunkSink {
  schema(id: number, name: string): void;
  channel(channel: RawChannel): void;
  message(message: RawMessage): void;
}

/** null where `content` cannot be the beginning of a chunk of `length` bytes. */
export function parseChunkHead(content: Uint8Array, length: number): ChunkHead | null {
  const cursor = new Cursor(content);
  try {
    const firstNs = cursor.u64();
    const lastNs = cursor.u64();
    const uncompressedSize = Number(cursor.u64());
    const uncompressedCrc = cursor.u32();
    const compression = cursor.text();
    const compressedSize = Number(cursor.u64());
    const headLength = cursor.at;
    const fits = headLength + compressedSize === length && firstNs <= lastNs && /^[a-z0-9]*$/.test(compression);
    return fits
      ? { firstNs, lastNs, uncompressedSize, uncompressedCrc, compression, compressedSize, headLength }
      : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Hands the chunk's records to `sink`, or says why not. */
export function readChunk(head: ChunkHead, compressed: Uint8Array, sink: ChunkSink): string | null {
  if (head.uncompressedSize > MAX_UNCOMPRESSED) return `a chunk of ${head.uncompressedSize} bytes`;
  const records = unpack(head, compressed);
  if (typeof records === 'string') return records;
  try {
    readRecords(records, sink);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `a chunk does not hold together: ${error.message}`;
    throw error;
  }
}

function unpack(head: ChunkHead, compressed: Uint8Array): Uint8Array | string {
  let records: Uint8Array | null;
  try {
    records = decompress(head.compression, compressed, head.uncompressedSize);
  } catch (error) {
    return `cannot decompress a chunk: ${String(error)}`;
  }
  if (records === null) return `a chunk is compressed with ${head.compression}, which is not known here`;
  if (records.length !== head.uncompressedSize)
    return `a chunk has ${records.length} bytes instead of ${head.uncompressedSize}`;
  // 0: whoever wrote the file did without checksums.
  if (head.uncompressedCrc !== 0 && crc32(records) !== head.uncompressedCrc) return 'the checksum of a chunk is wrong';
  return records;
}

function readRecords(bytes: Uint8Array, sink: ChunkSink): void {
  const cursor = new Cursor(bytes);
  while (cursor.remaining >= RECORD_HEAD) {
    const opcode = cursor.u8();
    readRecord(opcode, cursor.take(cursor.length64()), sink);
  }
}

/** Schemas, channels and messages; all else is passed over. */
export function readRecord(opcode: number, content: Uint8Array, sink: ChunkSink): void {
  const cursor = new Cursor(content);
  if (opcode === Opcode.MESSAGE) {
    const channelId = cursor.u16();
    const sequence = cursor.u32();
    const logNs = cursor.u64();
    cursor.u64(); // publish time
    sink.message({ channelId, sequence, logNs, data: cursor.take(cursor.remaining) });
  } else if (opcode === Opcode.CHANNEL) {
    sink.channel({ id: cursor.u16(), schemaId: cursor.u16(), topic: cursor.text() });
  } else if (opcode === Opcode.SCHEMA) {
    sink.schema(cursor.u16(), cursor.text());
  }
}
