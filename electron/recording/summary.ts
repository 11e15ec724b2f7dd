/** The end of a complete file: what is in it and where, without reading it. */
import { crc32 } from 'node:zlib';
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import type { BlockReader } from './block-reader.ts';
import type { RawChannel } from './chunk.ts';
import { Cursor } from './cursor.ts';

const RECORD_HEAD = 9;
const FOOTER_LENGTH = RECORD_HEAD + 8 + 8 + 4;
const DATA_END_LENGTH = RECORD_HEAD + 4;
/** Thirty times that of a day: 200 bytes for each chunk. */
const MAX_SUMMARY_LENGTH = 64 << 20;

export interface Statistics {
  readonly messages: number;
  readonly chunks: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

export interface SummaryRecord {
  readonly opcode: number;
  readonly content: Uint8Array;
}

export interface Place {
  readonly name: string;
  /** Of the whole record, with its head. */
  readonly offset: number;
  readonly length: number;
}

export interface Summary {
  /** Where the record DataEnd begins: what others append goes here. */
  readonly dataEnd: number;
  /** All but the summary offsets, as they stand. */
  readonly records: readonly SummaryRecord[];
  readonly statistics: Statistics | null;
  readonly metadata: readonly Place[];
  readonly channels: readonly RawChannel[];
}

/** null where the end is missing or damaged. */
export async function readSummary(file: BlockReader): Promise<Summary | null> {
  try {
    return await summaryOf(file);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function summaryOf(file: BlockReader): Promise<Summary | null> {
  const footerAt = file.length - MCAP_MAGIC.length - FOOTER_LENGTH;
  if (footerAt < MCAP_MAGIC.length) return null;
  const end = (await file.read(footerAt, FOOTER_LENGTH + MCAP_MAGIC.length)).slice();
  const footer = new Cursor(end);
  if (footer.u8() !== Opcode.FOOTER || footer.length64() !== FOOTER_LENGTH - RECORD_HEAD) return null;
  const start = Number(footer.u64());
  const offsetsAt = Number(footer.u64()) || footerAt;
  const checksum = footer.u32();
  if (!MCAP_MAGIC.every((byte) => footer.u8() === byte)) return null;
  if (start < DATA_END_LENGTH || offsetsAt < start || offsetsAt > footerAt) return null;
  if (footerAt - start > MAX_SUMMARY_LENGTH) return null;
  const bytes = (await file.read(start, footerAt - start)).slice();
  // 0: whoever wrote the file did without.
  if (checksum !== 0 && crc32(end.subarray(0, FOOTER_LENGTH - 4), crc32(bytes)) !== checksum) return null;
  return understood(start - DATA_END_LENGTH, recordsIn(bytes.subarray(0, offsetsAt - start)));
}

function recordsIn(bytes: Uint8Array): SummaryRecord[] {
  const cursor = new Cursor(bytes);
  const records: SummaryRecord[] = [];
  while (cursor.remaining > 0) records.push({ opcode: cursor.u8(), content: cursor.take(cursor.length64()) });
  return records;
}

function understood(dataEnd: number, records: readonly SummaryRecord[]): Summary {
  let statistics: Statistics | null = null;
  const metadata: Place[] = [];
  const channels: RawChannel[] = [];
  for (const { opcode, content } of records) {
    if (opcode === Opcode.STATISTICS) statistics = readStatistics(new Cursor(content));
    if (opcode === Opcode.CHANNEL) {
      const channel = new Cursor(content);
      channels.push({ id: channel.u16(), schemaId: channel.u16(), topic: channel.text() });
    }
    if (opcode === Opcode.METADATA_INDEX) metadata.push(readPlace(new Cursor(content)));
  }
  return { dataEnd, records, statistics, metadata, channels };
}

function readStatistics(record: Cursor): Statistics | null {
  const messages = Number(record.u64());
  record.u16(); // schemas
  record.u32(); // channels
  record.u32(); // attachments
  record.u32(); // metadata
  const chunks = record.u32();
  const firstNs = record.u64();
  const lastNs = record.u64();
  return firstNs <= lastNs ? { messages, chunks, firstNs, lastNs } : null;
}

function readPlace(record: Cursor): Place {
  const offset = Number(record.u64());
  const length = Number(record.u64());
  return { offset, length, name: record.text() };
}
