/** The statistics at the end of a complete file: what is in it, without reading it. */
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import type { BlockReader } from './block-reader.ts';
import { Cursor } from './cursor.ts';

const RECORD_HEAD = 9;
const FOOTER_LENGTH = RECORD_HEAD + 8 + 8 + 4;
/** A summary offset per kind of record; there are fifteen kinds. */
const MAX_OFFSETS_LENGTH = 4096;
const MAX_STATISTICS_LENGTH = 1 << 20;

export interface Statistics {
  readonly messages: number;
  readonly chunks: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/** null where the end is missing, damaged, or written without statistics. */
export async function readStatistics(file: BlockReader): Promise<Statistics | null> {
  try {
    return await statisticsOf(file);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function statisticsOf(file: BlockReader): Promise<Statistics | null> {
  const footerAt = file.length - MCAP_MAGIC.length - FOOTER_LENGTH;
  if (footerAt < MCAP_MAGIC.length) return null;
  const footer = new Cursor((await file.read(footerAt, FOOTER_LENGTH + MCAP_MAGIC.length)).slice());
  if (footer.u8() !== Opcode.FOOTER || footer.length64() !== FOOTER_LENGTH - RECORD_HEAD) return null;
  footer.u64(); // start of the summary
  const offsetsAt = Number(footer.u64());
  footer.u32(); // checksum of the summary
  if (!MCAP_MAGIC.every((byte) => footer.u8() === byte)) return null;
  if (offsetsAt === 0 || offsetsAt > footerAt || footerAt - offsetsAt > MAX_OFFSETS_LENGTH) return null;
  const offsets = new Cursor((await file.read(offsetsAt, footerAt - offsetsAt)).slice());
  while (offsets.remaining > 0) {
    offsets.u8();
    const group = new Cursor(offsets.take(offsets.length64()));
    if (group.u8() === Opcode.STATISTICS) return readGroup(file, Number(group.u64()), Number(group.u64()));
  }
  return null;
}

async function readGroup(file: BlockReader, at: number, length: number): Promise<Statistics | null> {
  if (length > MAX_STATISTICS_LENGTH || at + length > file.length) return null;
  const record = new Cursor((await file.read(at, length)).slice());
  if (record.u8() !== Opcode.STATISTICS) return null;
  record.length64();
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
