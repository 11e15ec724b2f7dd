/** The index of a file that was put in order, once it has been checked against the file. */
import type {
  ChunkPlace,
  PartIndex,
  RecordingIndex,
  RunIndex,
  SumIndex,
} from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { RecordingIndexSchema } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { decodeMessage, faultOf } from '../../remote-agent/protocol/index.ts';
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import type { BlockReader } from './block-reader.ts';
import { parseChunkHead, type RawMessage, readChunk } from './chunk.ts';
import { Cursor } from './cursor.ts';
import { INDEX_PLACE, INDEX_TOPIC } from './format.ts';
import { countedRows, RANGE_LIMITS } from './range-plan.ts';
import { readSummary, type Summary } from './summary.ts';

const RECORD_HEAD = 9;
const MAX_CHUNK = 64 << 20;
const MAX_METADATA = 4096;

export interface IndexedFile {
  readonly file: BlockReader;
  readonly runs: readonly RunIndex[];
  readonly topics: ReadonlyMap<number, string>;
}

/** null where there is none, or it does not hold together: the file is then read without it. */
export async function readIndex(file: BlockReader): Promise<IndexedFile | null> {
  const summary = await readSummary(file);
  const metadata = summary?.metadata.filter(({ name }) => name === INDEX_PLACE).at(-1);
  if (!summary || !metadata || metadata.length > MAX_METADATA) return null;
  const topics = new Map(summary.channels.map(({ id, topic }) => [id, topic]));
  try {
    const record = new Cursor(await file.readAt(metadata.offset + RECORD_HEAD, metadata.length - RECORD_HEAD));
    if (record.text() !== INDEX_PLACE) return null;
    const place = record.texts();
    const messages = await messagesAt(file, {
      offset: BigInt(place.get('offset') ?? ''),
      length: BigInt(place.get('length') ?? ''),
    });
    const message = messages.find(({ channelId }) => topics.get(channelId) === INDEX_TOPIC);
    const index = message && decodeMessage(RecordingIndexSchema, message.data);
    return index && isConsistent(index, summary, file) ? { file, runs: index.runs, topics } : null;
  } catch (error) {
    if (faultOf(error) || error instanceof RangeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

type Where = Pick<ChunkPlace, 'offset' | 'length'>;

/** Raises RangeError where no whole chunk is. */
export async function messagesAt(file: BlockReader, { offset, length }: Where): Promise<RawMessage[]> {
  const size = Number(length);
  if (size < RECORD_HEAD || size > MAX_CHUNK || Number(offset) + size > file.length) throw new RangeError('no chunk');
  const bytes = await file.readAt(Number(offset), size);
  const record = new Cursor(bytes);
  if (record.u8() !== Opcode.CHUNK || Number(record.u64()) !== size - RECORD_HEAD) throw new RangeError('no chunk');
  const head = parseChunkHead(bytes.subarray(RECORD_HEAD), size - RECORD_HEAD);
  if (!head) throw new RangeError('no chunk');
  const messages: RawMessage[] = [];
  const sink = {
    schema: () => undefined,
    channel: () => undefined,
    message: (message: RawMessage) => void messages.push(message),
  };
  const trouble = readChunk(head, bytes.subarray(RECORD_HEAD + head.headLength), sink);
  if (trouble !== null) throw new RangeError(trouble);
  return messages;
}

/** Every chunk of the file is in it once, in order; sums are of parts that there are; times run forward. */
function isConsistent({ runs }: RecordingIndex, summary: Summary, file: BlockReader): boolean {
  const places: Where[] = runs.flatMap(placesOf);
  if (places.length + 1 !== summary.statistics?.chunks) return false;
  let end = BigInt(MCAP_MAGIC.length);
  for (const { offset, length } of places) {
    if (offset < end || length < 1n || offset + length > BigInt(file.length)) return false;
    end = offset + length;
  }
  return runs.every(isRunConsistent);
}

function placesOf({ parts, minutes, hours, series }: RunIndex): Where[] {
  const sums = [...minutes, ...hours].flatMap(({ place }) => place ?? []);
  const chunks = parts.flatMap(({ tables, windows, events }) => [tables, windows, events].filter((place) => !!place));
  return [...chunks, ...sums, ...(series ? [series] : [])].sort((a, b) => (a.offset < b.offset ? -1 : 1));
}

function isRunConsistent({ parts, minutes, hours }: RunIndex): boolean {
  const hasSums = covers(minutes, parts.length) && covers(hours, minutes.length);
  return (hasSums || needsNone(parts, minutes, hours)) && parts.every(hasOrderedTimes);
}

/** So short that sums would never be read. */
function needsNone(parts: readonly PartIndex[], ...sums: readonly (readonly SumIndex[])[]): boolean {
  if (sums.some(({ length }) => length > 0)) return false;
  return parts.reduce((rows, part) => rows + countedRows(part), 0) <= RANGE_LIMITS.rows;
}

function covers(sums: readonly SumIndex[], count: number): boolean {
  let next = 0;
  for (const { first, count: length } of sums) {
    if (first !== next || length < 1) return false;
    next += length;
  }
  return next === count;
}

function hasOrderedTimes({ fromNs, toNs }: PartIndex): boolean {
  return toNs === 0n ? fromNs === 0n : fromNs < toNs;
}
