/**
 * Takes the records of a run onto the disk, in the place of a client: what is written whole is confirmed. Recording all,
 * every record goes into the next block. Recording what is around triggers, windows wait in a ring in memory; what they
 * refer to (definitions, events, costs) always goes to the disk, so whatever part of the ring is kept can be read.
 */
import { encodeFrame } from '../../protocol/index.ts';
import type { SentRecord } from '../client/spool.ts';
import type { BlockFile } from './block-file.ts';

/** Collected bytes that are written at once, or after BLOCK_MS: what a power cut may cost. */
const BLOCK_BYTES = 96 << 10;
const BLOCK_MS = 5000;
/** Windows before a trigger: minutes of a busy box, and a bound for the agent's memory. */
export const RING_BYTES = 8 << 20;

export interface DiskTakerOptions {
  readonly file: BlockFile;
  /** How long a window stays in the ring; null = all is recorded. */
  readonly ringMs: number | null;
  /** Records up to this number are safe. */
  readonly confirm: (seq: bigint) => void;
  readonly now: () => number;
}

export class DiskTaker {
  /** Windows that left the ring without being kept, since the last that was. */
  passedWindows = 0;
  private readonly options: DiskTakerOptions;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private sinceMs = 0;
  private lastSeq = 0n;
  private ring: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  private ringBytes = 0;
  private keepUntilMs = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: DiskTakerOptions) {
    this.options = options;
  }

  /** A welcome, a pong: nobody is there to hear it. */
  say(): void {}

  sendRecord({ seq, kind, frame }: SentRecord): void {
    const nowMs = this.options.now();
    if (this.waitingBytes === 0) this.sinceMs = nowMs;
    this.lastSeq = seq;
    if (kind === 'window' && this.options.ringMs !== null && nowMs >= this.keepUntilMs) this.hold(frame, nowMs);
    else this.collect(frame);
    this.waitingBytes += frame.length;
    if (this.waitingBytes >= BLOCK_BYTES) setImmediate(() => void this.flush());
  }

  /** Something happened: what is in the ring is kept, and all that comes until `afterMs` from now. */
  keep(afterMs: number): void {
    for (const { frame } of this.ring.splice(0)) this.collect(frame);
    this.ringBytes = 0;
    this.passedWindows = 0;
    this.keepUntilMs = this.options.now() + afterMs;
  }

  /** Once a second. */
  tick(): void {
    if (this.waitingBytes > 0 && this.options.now() - this.sinceMs >= BLOCK_MS) void this.flush();
  }

  /** Resolves when all that came so far is on the disk, or cannot be written. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.writeBlock());
    return this.writing;
  }

  private collect(frame: Uint8Array): void {
    this.waiting.push(encodeFrame(frame));
  }

  private hold(frame: Uint8Array, nowMs: number): void {
    this.ring.push({ atMs: nowMs, frame });
    this.ringBytes += frame.length;
    const oldestMs = nowMs - (this.options.ringMs ?? 0);
    for (
      let first = this.ring[0];
      first && (first.atMs < oldestMs || this.ringBytes > RING_BYTES);
      first = this.ring[0]
    ) {
      this.ring.shift();
      this.ringBytes -= first.frame.length;
      this.passedWindows++;
    }
  }

  private async writeBlock(): Promise<void> {
    if (this.waitingBytes === 0 && this.waiting.length === 0) return;
    const [content, seq] = [Buffer.concat(this.waiting), this.lastSeq];
    this.waiting = [];
    this.waitingBytes = 0;
    const isWritten = content.length === 0 || (await this.options.file.append(content));
    if (isWritten) this.options.confirm(seq);
  }
}
