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
const SEARCH_BYTES = 64 << 10;

export class UnattendedBlocks {
  /** Bytes that belong to no whole block. */
  damagedBytes = 0;
  private readonly file: FileHandle;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** Block by block. */
  async *batches(): AsyncGenerator<readonly AgentFrame[], void, void> {
    const { size } = await this.file.stat();
    for (let at = 0; at < size; ) {
      const block = await this.blockAt(at);
      if (block) {
        yield block.frames;
        at += block.length;
        continue;
      }
      const next = await this.nextHeader(at + 1, size);
      this.damagedBytes += next - at;
      at = next;
    }
  }

  private async blockAt(
    at: number,
  ): Promise<{ readonly frames: readonly AgentFrame[]; readonly length: number } | null> {
    const header = await this.bytesAt(at, BLOCK_HEADER_LENGTH);
    const length = blockLengthAt(header, 0);
    if (length === null || length > MAX_BLOCK_LENGTH) return null;
    const packed = await this.bytesAt(at + BLOCK_HEADER_LENGTH, length);
    const frames = packed.length === length ? framesOf(packed) : null;
    return frames && { frames, length: BLOCK_HEADER_LENGTH + length };
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

/** null: it is not what an agent wrote. */
function framesOf(packed: Buffer): readonly AgentFrame[] | null {
  let content: Buffer;
  try {
    content = gunzipSync(packed, { maxOutputLength: MAX_CONTENT_BYTES });
  } catch {
    return null; // the CRC inside says that it is damaged
  }
  try {
    const reader = new FrameReader();
    reader.push(encodePreamble());
    return reader.push(content).map(decodeAgentFrame);
  } catch (error) {
    if (faultOf(error)) return null;
    throw error;
  }
}
