/** Stored messages to Signals, whatever is missing between them. */
import {
  type AgentFrame,
  type Fault,
  faultOf,
  frameFromRecord,
  type RecordKind,
  recordKindOfTypeName,
  type Signal,
  SignalDecoder,
} from '../../remote-agent/protocol/index.ts';
import type { ChunkSink, RawChannel, RawMessage } from './chunk.ts';
import type { Damage } from './damage.ts';
import { recordKindOfTopic } from './format.ts';
import { Mender } from './mender.ts';

/** Knows which channel holds what. */
export class RecordDecoder implements ChunkSink {
  private readonly damage: Damage;
  private readonly decoder = new SignalDecoder();
  private readonly mender: Mender;
  private readonly schemas = new Map<number, string>();
  private readonly kinds = new Map<number, RecordKind | null>();
  private readonly topics = new Map<number, string>();
  private ready: Signal[] = [];

  constructor(hostname: string, damage: Damage) {
    this.mender = new Mender(hostname);
    this.damage = damage;
  }

  schema(id: number, name: string): void {
    this.schemas.set(id, name);
  }

  channel({ id, schemaId, topic }: RawChannel): void {
    this.kinds.set(id, recordKindOfTopic(topic) ?? recordKindOfTypeName(this.schemas.get(schemaId) ?? ''));
    this.topics.set(id, topic);
  }

  message({ channelId, data }: RawMessage): void {
    if (this.damage.stopped !== null) return;
    const kind = this.kinds.get(channelId) ?? null;
    if (kind === null) return this.damage.addUnknownChannel(this.topics.get(channelId) ?? `number ${channelId}`);
    const frame = this.parse(kind, data);
    if (!frame) return;
    try {
      for (const mended of this.mender.mend(frame)) {
        const signal = this.decoder.decode(mended);
        if (signal) this.ready.push(signal);
      }
    } catch (error) {
      // The decoder is of no use after a fault.
      this.damage.stopped = faultOrThrow(error).message;
    }
  }

  /** null for bytes that are no such message: with a right checksum only a strange writer makes them. */
  private parse(kind: RecordKind, data: Uint8Array): AgentFrame | null {
    try {
      return frameFromRecord(kind, data);
    } catch (error) {
      this.damage.addPlace(faultOrThrow(error).message);
      return null;
    }
  }

  take(): readonly Signal[] {
    const batch = this.ready;
    this.ready = [];
    this.damage.setUnknownProbes([...this.decoder.skippedWindows.keys()]);
    return batch;
  }
}

function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}
