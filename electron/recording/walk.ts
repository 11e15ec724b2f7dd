/**
 * Walks over the top-level records of a recording from front to back, whatever state it is in:
 *
 *      whole             … ends at DataEnd
 *      cut short         … ends where a record is not there as a whole
 *      damaged           … goes on at the next place that can only be a chunk
 *
 * The index at the end of a file is not needed for any of this, so it makes no difference whether there is one.
 */
import { Opcode } from '@mcap/core';
import type { BlockReader } from './block-reader.ts';
import { type ChunkHead, MAX_CHUNK_HEAD, parseChunkHead } from './chunk.ts';

const RECORD_HEAD = 9;
/** Schemas, indexes, metadata: Sonde's are below 100 KB. */
const MAX_SMALL_RECORD = 16 << 20;
const MAX_CHUNK = 64 << 20;
const LAST_KNOWN_OPCODE = 0x0f;
/** Opcodes from here on are other people's own. */
const FIRST_PRIVATE_OPCODE = 0x80;

export type Step =
  | { readonly kind: 'record'; readonly opcode: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'chunk'; readonly head: ChunkHead; readonly offset: number; readonly length: number }
  /** Bytes from..to could not be understood. */
  | { readonly kind: 'damage'; readonly from: number; readonly to: number }
  /** The file ends without its end; bytes from `from` on are half a record. */
  | { readonly kind: 'cut'; readonly from: number }
  | { readonly kind: 'end' };

/** `offset` and `length` of a record are those of its content. Begins at `start`: behind the magic, or at any record. */
export async function* walk(file: BlockReader, start: number): AsyncGenerator<Step, void, void> {
  let at = start;
  // Where the record before ends, everything is in doubt once the next one makes no sense: its length may be the lie.
  let doubtful = start;
  while (at < file.length) {
    const step = await stepAt(file, at);
    if (step?.kind === 'end') return yield step;
    if (step) {
      doubtful = at + 1;
      yield step;
      at = step.offset + step.length;
      continue;
    }
    const next = await findChunk(file, doubtful);
    if (next === null) return yield { kind: 'cut', from: Math.min(at, file.length) };
    yield { kind: 'damage', from: Math.min(at, next), to: next };
    at = next;
  }
  yield { kind: 'cut', from: file.length };
}

type Understood = Extract<Step, { kind: 'record' | 'chunk' | 'end' }>;

/** null where no record can be that is there as a whole. */
async function stepAt(file: BlockReader, at: number): Promise<Understood | null> {
  const bytes = await file.read(at, RECORD_HEAD + MAX_CHUNK_HEAD);
  if (bytes.length < RECORD_HEAD) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const opcode = view.getUint8(0);
  const length = Number(view.getBigUint64(1, true));
  const offset = at + RECORD_HEAD;
  if (offset + length > file.length) return null;
  if (opcode === Opcode.DATA_END) return length === 4 ? { kind: 'end' } : null;
  // Whose lengths agree is a chunk, also where its opcode was damaged: the checksum has the last word.
  const head = length <= MAX_CHUNK ? parseChunkHead(bytes.subarray(RECORD_HEAD), length) : null;
  if (head) return { kind: 'chunk', head, offset, length };
  if (opcode === Opcode.CHUNK) return null;
  const known = (opcode > 0 && opcode <= LAST_KNOWN_OPCODE) || opcode >= FIRST_PRIVATE_OPCODE;
  return known && length <= MAX_SMALL_RECORD ? { kind: 'record', opcode, offset, length } : null;
}

/** The next byte at which a whole chunk begins: its two lengths agree, which chance does once in 2^64. */
async function findChunk(file: BlockReader, from: number): Promise<number | null> {
  for (let at = from; at + RECORD_HEAD <= file.length; ) {
    const bytes = await file.read(at, 1 << 16);
    const candidate = bytes.indexOf(Opcode.CHUNK);
    if (candidate === 0) {
      if ((await stepAt(file, at)) !== null) return at;
      at += 1;
    } else {
      at += candidate < 0 ? bytes.length : candidate;
    }
    if (bytes.length === 0) return null;
  }
  return null;
}
