/**
 * The bytes of an MCAP file, piece by piece, for whoever appends them in this order. @mcap/core's own McapWriter ends a
 * chunk by its size only; a recording must end one each second, so this puts the same library's record and chunk
 * builders together anew.
 */
import { crc32 } from 'node:zlib';
import { McapChunkBuilder, McapRecordBuilder, Opcode, type McapTypes } from '@mcap/core';
import { ChunkIndexes, type ChunkIndexesState, type ChunkTotals } from './chunk-indexes.ts';
import { compress } from './compression.ts';

const FOOTER_LENGTH_TO_CRC = 1 + 8 + 8 + 8;

/** What a builder knows of the file between two chunks. */
export interface McapState {
  readonly schemas: readonly McapTypes.Schema[];
  readonly channels: readonly McapTypes.Channel[];
  readonly inChunks: ReadonlySet<number>;
  readonly chunks: ChunkIndexesState;
  readonly metadataIndexes: readonly McapTypes.MetadataIndex[];
}

export class McapBuilder {
  private readonly schemas: McapTypes.Schema[] = [];
  private readonly channels: McapTypes.Channel[] = [];
  /** Channels whose record stands in a chunk, too. */
  private readonly inChunks = new Set<number>();
  private readonly chunks = new ChunkIndexes();
  private readonly metadataIndexes: McapTypes.MetadataIndex[] = [];
  private readonly chunk = new McapChunkBuilder({});
  /** Of the chunk record itself, without the message indexes behind it. */
  lastChunkLength = 0;

  state(): McapState {
    const { schemas, channels, inChunks, metadataIndexes } = this;
    return {
      schemas: [...schemas],
      channels: [...channels],
      inChunks: new Set(inChunks),
      chunks: this.chunks.state(),
      metadataIndexes: [...metadataIndexes],
    };
  }

  /** Before anything else. */
  restore({ schemas, channels, inChunks, chunks, metadataIndexes }: McapState): void {
    this.schemas.push(...schemas);
    this.channels.push(...channels);
    for (const channel of inChunks) this.inChunks.add(channel);
    this.chunks.restore(chunks);
    this.metadataIndexes.push(...metadataIndexes);
  }

  header(header: McapTypes.Header): Uint8Array {
    return build((records) => {
      records.writeMagic();
      records.writeHeader(header);
    });
  }

  metadata(name: string, entries: Readonly<Record<string, string>>, offset: number): Uint8Array {
    const record = build((records) => records.writeMetadata({ name, metadata: new Map(Object.entries(entries)) }));
    this.metadataIndexes.push({ name, offset: BigInt(offset), length: BigInt(record.length) });
    return record;
  }

  /** Its own id is the number of channels before it. */
  channel(
    topic: string,
    schema: Omit<McapTypes.Schema, 'id'>,
    about: Readonly<Record<string, string>> = {},
  ): { id: number; bytes: Uint8Array } {
    const id = this.channels.length;
    const known = this.schemas.find(({ name }) => name === schema.name);
    const schemaId = known?.id ?? this.schemas.length + 1; // 0 means "no schema"
    const channel = { id, schemaId, topic, messageEncoding: schema.encoding, metadata: new Map(Object.entries(about)) };
    this.channels.push(channel);
    if (!known) this.schemas.push({ ...schema, id: schemaId });
    const bytes = build((records) => {
      if (!known) records.writeSchema({ ...schema, id: schemaId });
      records.writeChannel(channel);
    });
    return { id, bytes };
  }

  message(message: McapTypes.Message): void {
    // A second time, where a checksum covers it: without its channel a message cannot be read.
    const channel = this.channels[message.channelId];
    if (channel && !this.inChunks.has(channel.id)) this.chunk.addChannel(channel);
    this.inChunks.add(message.channelId);
    this.chunk.addMessage(message);
  }

  get chunkLength(): number {
    return this.chunk.byteLength;
  }

  /** The messages since the last chunk, with their indexes; null when there are none. */
  takeChunk(offset: number, level?: number): Uint8Array | null {
    if (this.chunk.numMessages === 0) return null;
    const messages = this.chunk.buffer;
    const { messageStartTime, messageEndTime } = this.chunk;
    const { compression, bytes } = compress(messages, level);
    const times = { messageStartTime, messageEndTime };
    const sizes = { compression, uncompressedSize: BigInt(messages.length) };
    const chunk = build((records) =>
      records.writeChunk({ ...times, ...sizes, uncompressedCrc: crc32(messages), records: bytes }),
    );
    const messageIndexOffsets = new Map<number, bigint>();
    const messageCounts = new Map<number, number>();
    const indexes = build((records) => {
      for (const index of this.chunk.indices) {
        messageIndexOffsets.set(index.channelId, BigInt(offset + chunk.length + records.length));
        messageCounts.set(index.channelId, index.records.length);
        records.writeMessageIndex(index);
      }
    });
    const index = {
      ...times,
      ...sizes,
      chunkStartOffset: BigInt(offset),
      chunkLength: BigInt(chunk.length),
      messageIndexOffsets,
      messageIndexLength: BigInt(indexes.length),
      compressedSize: BigInt(bytes.length),
    };
    this.chunks.add(index, messageCounts);
    this.lastChunkLength = chunk.length;
    this.chunk.reset();
    return Buffer.concat([chunk, indexes]);
  }

  /** All that follows byte `offset`; pieces that were to stand there were not written. The file is complete after it. */
  ending(offset: number): Uint8Array {
    const chunks = this.chunks.before(offset);
    const metadata = this.metadataIndexes.filter((index) => index.offset < offset);
    // 0: the chunks have checksums of their own, and one over the whole file could not be had after a crash.
    const dataEnd = build((records) => records.writeDataEnd({ dataSectionCrc: 0 }));
    const summaryStart = offset + dataEnd.length;
    const { groups, bytes } = this.summaryGroups(summaryStart, chunks, metadata);
    const offsets = build((records) => {
      for (const group of groups) records.writeSummaryOffset(group);
    });
    const summary = Buffer.concat([bytes, offsets]);
    return Buffer.concat([dataEnd, summary, footer(summary, summaryStart, summaryStart + bytes.length)]);
  }

  private summaryGroups(
    start: number,
    chunks: ChunkTotals,
    metadata: readonly McapTypes.MetadataIndex[],
  ): { groups: McapTypes.SummaryOffset[]; bytes: Uint8Array } {
    const groups: McapTypes.SummaryOffset[] = [];
    const note = (groupOpcode: Opcode, from: number, length: number): void => {
      if (length > 0) groups.push({ groupOpcode, groupStart: BigInt(start + from), groupLength: BigInt(length) });
    };
    const bytes = build((records) => {
      const group = (groupOpcode: Opcode, write: () => void): void => {
        const before = records.length;
        write();
        note(groupOpcode, before, records.length - before);
      };
      group(Opcode.SCHEMA, () => this.schemas.forEach((schema) => records.writeSchema(schema)));
      group(Opcode.CHANNEL, () => this.channels.forEach((channel) => records.writeChannel(channel)));
      group(Opcode.STATISTICS, () => records.writeStatistics(this.statistics(chunks, metadata.length)));
      group(Opcode.METADATA_INDEX, () => metadata.forEach((index) => records.writeMetadataIndex(index)));
    });
    note(Opcode.CHUNK_INDEX, bytes.length, chunks.bytes.length);
    return { groups, bytes: Buffer.concat([bytes, chunks.bytes]) };
  }

  private statistics(chunks: ChunkTotals, metadataCount: number): McapTypes.Statistics {
    return {
      ...chunks,
      schemaCount: this.schemas.length,
      channelCount: this.channels.length,
      attachmentCount: 0,
      metadataCount,
    };
  }
}

/** The checksum covers the summary and the footer up to where the checksum stands. */
export function footer(summary: Uint8Array, summaryStart: number, summaryOffsetStart: number): Uint8Array {
  const positions = { summaryStart: BigInt(summaryStart), summaryOffsetStart: BigInt(summaryOffsetStart) };
  const head = build((records) => records.writeFooter({ ...positions, summaryCrc: 0 })).subarray(
    0,
    FOOTER_LENGTH_TO_CRC,
  );
  return build((records) => {
    records.writeFooter({ ...positions, summaryCrc: crc32(head, crc32(summary)) });
    records.writeMagic();
  });
}

export function build(write: (records: McapRecordBuilder) => void): Uint8Array {
  const records = new McapRecordBuilder();
  write(records);
  return records.buffer;
}
