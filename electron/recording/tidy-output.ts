/** The new file of a recording that is put in order: chunks with a place that the index can name. */
import { create, toBinary } from '@bufbuild/protobuf';
import { type McapTypes } from '@mcap/core';
import {
  type ChunkPlace,
  ChunkPlaceSchema,
  type WindowRun,
  WindowRunSchema,
} from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { recordTypeName } from '../../remote-agent/protocol/index.ts';
import { THOROUGH } from './compression.ts';
import { RUN_TYPE, SCHEMA_ENCODING } from './format.ts';
import { McapBuilder } from './mcap-builder.ts';
import type { OutputFile } from './output-file.ts';
import { schemaOf } from './schema.ts';
import type { StoredRecord } from './stored-record.ts';
import type { TidyOutputState } from './tidy-state.ts';

export class TidyOutput {
  private readonly mcap = new McapBuilder();
  private readonly output: OutputFile;
  private readonly channelIds = new Map<string, number>();
  private pieces: Uint8Array[] = [];
  /** Of all pieces, written or not. */
  private end = 0;

  constructor(output: OutputFile) {
    this.output = output;
  }

  /** Of all that was put so far. */
  get length(): number {
    return this.end;
  }

  /** Between two chunks. */
  state(): TidyOutputState {
    return { mcap: this.mcap.state(), channelIds: new Map(this.channelIds) };
  }

  /** Goes on with a file of `length` bytes. */
  restore({ mcap, channelIds }: TidyOutputState, length: number): void {
    this.mcap.restore(mcap);
    for (const [topic, id] of channelIds) this.channelIds.set(topic, id);
    this.end = length;
  }

  header(header: McapTypes.Header): void {
    this.put(this.mcap.header(header));
  }

  metadata(name: string, entries: Readonly<Record<string, string>>): void {
    this.put(this.mcap.metadata(name, entries, this.end));
  }

  record({ kind, topic, data }: StoredRecord, order: number, logNs: bigint): void {
    this.message(topic, recordTypeName(kind), data, order, logNs);
  }

  run(topic: string, run: WindowRun, order: number, logNs: bigint, about?: Readonly<Record<string, string>>): void {
    this.message(topic, RUN_TYPE, toBinary(WindowRunSchema, run), order, logNs, about);
  }

  message(
    topic: string,
    typeName: string,
    data: Uint8Array,
    order: number,
    logNs: bigint,
    about: Readonly<Record<string, string>> = {},
  ): void {
    const channelId = this.channelIds.get(topic) ?? this.addChannel(topic, typeName, about);
    this.mcap.message({ channelId, sequence: order >>> 0, logTime: logNs, publishTime: logNs, data });
  }

  /** undefined: nothing was put into it. */
  endChunk(): ChunkPlace | undefined {
    const offset = this.end;
    const chunk = this.mcap.takeChunk(offset, THOROUGH);
    if (!chunk) return undefined;
    this.put(chunk);
    return create(ChunkPlaceSchema, { offset: BigInt(offset), length: BigInt(this.mcap.lastChunkLength) });
  }

  /** Everything behind which nothing comes. */
  ending(): void {
    this.put(this.mcap.ending(this.end));
  }

  /** Resolves when all so far is in the file. */
  async write(): Promise<void> {
    const { pieces } = this;
    this.pieces = [];
    for (const piece of pieces) await this.output.write(piece);
  }

  private addChannel(topic: string, typeName: string, about: Readonly<Record<string, string>>): number {
    const schema = { name: typeName, encoding: SCHEMA_ENCODING, data: schemaOf(typeName) };
    const { id, bytes } = this.mcap.channel(topic, schema, about);
    this.put(bytes);
    this.channelIds.set(topic, id);
    return id;
  }

  private put(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.end += piece.length;
  }
}
