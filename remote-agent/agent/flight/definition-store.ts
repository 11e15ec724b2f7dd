/**
 * All that a run has said of its ids, packed as it lies in a file: whatever is kept of its windows can then be read. A
 * quiet box fills it in days, one where every process is a new one in an hour; then it is of no use any more.
 */
import { encodeFrame, encodeRecordFrame, type RecordKind } from '../../protocol/index.ts';
import { packBlock } from './block-file.ts';

/** Packed together: small for the memory that packing takes, large for what it saves. */
const PACK_BYTES = 64 << 10;

export class DefinitionStore {
  /** Something had no room: nothing is kept. */
  isOverfull = false;
  private readonly maxBytes: number;
  private packed: Uint8Array[] = [];
  private packedBytes = 0;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.packedBytes + this.waitingBytes;
  }

  /** `body`: the encoded message. */
  add(kind: RecordKind, body: Uint8Array): void {
    if (this.isOverfull) return;
    const frame = encodeFrame(encodeRecordFrame(0n, kind, body));
    this.waiting.push(frame);
    this.waitingBytes += frame.length;
    if (this.waitingBytes >= PACK_BYTES) this.pack();
    if (this.packedBytes > this.maxBytes) this.giveUp();
  }

  /** As blocks of a file, in order. */
  blocks(): readonly Uint8Array[] {
    if (this.waitingBytes > 0) this.pack();
    return this.packed;
  }

  private pack(): void {
    const block = packBlock(Buffer.concat(this.waiting));
    this.packed.push(block);
    this.packedBytes += block.length;
    this.waiting = [];
    this.waitingBytes = 0;
  }

  private giveUp(): void {
    this.isOverfull = true;
    this.packed = [];
    this.packedBytes = 0;
  }
}
