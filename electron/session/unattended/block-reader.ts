/**
 * Reads the records of an unattended recording, as protocol/unattended.ts lays them out. What a power cut or a bad disk
 * has left of a block is passed over and counted; reading goes on with the next one that is whole.
 */
import type { FileHandle } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import {
  type AgentFrame,
  BLOCK_HEADER_LENGTH,
  blockLengthAt,
  decodeAgentFrame,
  encodePreamble,
  faultOf,
  FrameReader,
  MAX_BLOCK_LENGTH,
} from '../../../remote-agent/protocol/index.ts';

/** Of one block: frames that the agent has collected, and a long one. */
const MAX_CONTENT_BYTES = 16 << 20;
/** What is taken of it at a time: of frames without anything in them, millions fit into a block. */
const PIECE_BYTES = 64 << 10;
/** Those of an agent have a hundred bytes and more. */
const MAX_BLOCK_FRAMES = MAX_CONTENT_BYTES / 128;
const SEARCH_BYTES = 64 << 10;

export class UnattendedBlocks {
  /** Bytes that belong to no whole block. */
  damagedBytes = 0;
  private readonly file: FileHandle;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** A part of a block at a time. */
  async *batches(): AsyncGenerator<readonly AgentFrame[], void, void> {
    const { size } = await this.file.stat();
    for (let at = 0; at < size; ) {
      const block = await this.blockAt(at);
      if (block && (yield* framesOf(block.content))) {
        at += block.length;
        continue;
      }
      const next = await this.nextHeader(at + 1, size);
      this.damagedBytes += next - at;
      at = next;
    }
  }

  private async blockAt(at: number): Promise<{ readonly content: Buffer; readonly length: number } | null> {
    const header = await this.bytesAt(at, BLOCK_HEADER_LENGTH);
    const length = blockLengthAt(header, 0);
    if (length === null || length > MAX_BLOCK_LENGTH) return null;
    const packed = await this.bytesAt(at + BLOCK_HEADER_LENGTH, length);
    const content = packed.length === length ? unpacked(packed) : null;
    return content && { content, length: BLOCK_HEADER_LENGTH + length };
  }

  /** Where the next block may begin, or the end. */
  private async nextHeader(from: number, size: number): Promise<number> {
    for (let at = from; at < size; at += SEARCH_BYTES) {
      const bytes = await this.bytesAt(at, SEARCH_BYTES + BLOCK_HEADER_LENGTH);
      for (let i = 0; i < Math.min(bytes.length, SEARCH_BYTES); i++)
        if (blockLengthAt(bytes, i) !== null) return at + i;
    }
    return size;
  }

  private async bytesAt(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let got = 0;
    while (got < length) {
      const { bytesRead } = await this.file.read(bytes, got, length - got, at + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return bytes.subarray(0, got);
  }
}

/** null: the CRC inside says that it is damaged, or it is larger than any. */
function unpacked(packed: Buffer): Buffer | null {
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_CONTENT_BYTES });
  } catch {
    return null;
  }
}

/** Returns whether all of it is what an agent writes. */
function* framesOf(content: Buffer): Generator<readonly AgentFrame[], boolean, void> {
  const reader = new FrameReader();
  reader.push(encodePreamble());
  let count = 0;
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    const frames: AgentFrame[] = [];
    const isSound = takeFrames(reader, content.subarray(at, at + PIECE_BYTES), frames);
    if (frames.length > 0) yield frames;
    count += frames.length;
    if (!isSound || count > MAX_BLOCK_FRAMES) return false;
  }
  return true;
}

function takeFrames(reader: FrameReader, piece: Buffer, frames: AgentFrame[]): boolean {
  try {
    for (const payload of reader.push(piece)) frames.push(decodeAgentFrame(payload));
    return true;
  } catch (error) {
    if (faultOf(error)) return false;
    throw error;
  }
}
