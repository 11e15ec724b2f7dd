/** What the end of a file says of its chunks, kept as the bytes that it becomes: an hour has thousands of them. */
import { McapRecordBuilder, type McapTypes } from '@mcap/core';
import { Cursor } from './cursor.ts';

export interface ChunkTotals {
  /** Index records, one after the other. */
  readonly bytes: Uint8Array;
  readonly chunkCount: number;
  readonly messageCount: bigint;
  readonly channelMessageCounts: Map<number, bigint>;
  /** 0 of none, as MCAP wants it. */
  readonly messageStartTime: bigint;
  readonly messageEndTime: bigint;
}

export interface ChunkIndexesState {
  readonly bytes: Uint8Array;
  readonly counts: readonly number[];
}

export class ChunkIndexes {
  /** Of chunks that another process wrote. */
  private earlier: Uint8Array = new Uint8Array(0);
  private readonly records = new McapRecordBuilder();
  /** For each chunk the number of its channels, then each channel with its messages. */
  private counts: number[] = [];

  state(): ChunkIndexesState {
    return { bytes: this.all(), counts: [...this.counts] };
  }

  /** Before any was added. */
  restore({ bytes, counts }: ChunkIndexesState): void {
    this.earlier = bytes;
    this.counts = [...counts];
  }

  /** Chunks come in the order in which they stand in the file. */
  add(index: McapTypes.ChunkIndex, messageCounts: ReadonlyMap<number, number>): void {
    this.records.writeChunkIndex(index);
    this.counts.push(messageCounts.size);
    for (const [channel, count] of messageCounts) this.counts.push(channel, count);
  }

  /** Of the chunks that begin before byte `offset` of the file. */
  before(offset: number): ChunkTotals {
    const all = this.all();
    const cursor = new Cursor(all);
    const channelMessageCounts = new Map<number, bigint>();
    let [chunkCount, messageCount, messageStartTime, messageEndTime, end, at] = [0, 0n, 0n, 0n, 0, 0];
    while (cursor.remaining > 0) {
      cursor.u8(); // opcode
      const record = new Cursor(cursor.take(cursor.length64()));
      const [first, last] = [record.u64(), record.u64()];
      if (record.u64() >= offset) break;
      if (chunkCount === 0 || first < messageStartTime) messageStartTime = first;
      if (last > messageEndTime) messageEndTime = last;
      const channels = this.counts[at++] ?? 0;
      for (let i = 0; i < channels; i++) {
        const [channel = 0, count = 0] = [this.counts[at++], this.counts[at++]];
        channelMessageCounts.set(channel, (channelMessageCounts.get(channel) ?? 0n) + BigInt(count));
        messageCount += BigInt(count);
      }
      chunkCount++;
      end = cursor.at;
    }
    const bytes = all.subarray(0, end);
    return { bytes, chunkCount, messageCount, channelMessageCounts, messageStartTime, messageEndTime };
  }

  private all(): Uint8Array {
    return Buffer.concat([this.earlier, this.records.buffer]);
  }
}
