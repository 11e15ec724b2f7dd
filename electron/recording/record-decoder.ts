/** Stored messages to Signals, whatever is missing between them. */
import {
  type Fault,
  faultOf,
  frameFromRecord,
  type OrderedWindow,
  readWindowRun,
  type RecordKind,
  recordKindOfTypeName,
  type Signal,
  SignalDecoder,
  type WindowRun,
} from '../../remote-agent/protocol/index.ts';
import type { ChunkSink, RawChannel, RawMessage } from './chunk.ts';
import type { Damage } from './damage.ts';
import { isDerivedTopic, isRunTopic, recordKindOfTopic, windowTopic } from './format.ts';
import { Mender } from './mender.ts';
import { type StoredRecord, storedRecord } from './stored-record.ts';

/** A record that holds together, and what it means: null for a window of a probe that is not known here. */
export type RecordTaker = (record: StoredRecord, signal: Signal | null, logNs: bigint) => void;

/** A message of a recording: by the record of the file that it is in, and its number in that. */
export interface Place {
  readonly recordAt: number;
  readonly message: number;
}

/** What the channels of a file hold, as far as it was read. */
export interface KnownChannels {
  readonly schemas: ReadonlyMap<number, string>;
  readonly kinds: ReadonlyMap<number, RecordKind | 'run' | 'derived' | null>;
  readonly topics: ReadonlyMap<number, string>;
}

interface Ordered {
  readonly order: number;
  readonly signal: Signal;
}

/** Knows which channel holds what. */
export class RecordDecoder implements ChunkSink {
  private readonly damage: Damage;
  private readonly isTidied: boolean;
  private readonly onRecord: RecordTaker | null;
  private readonly decoder = new SignalDecoder();
  private readonly mender: Mender;
  private schemas = new Map<number, string>();
  private kinds = new Map<number, RecordKind | 'run' | 'derived' | null>();
  private topics = new Map<number, string>();
  private ready: Ordered[] = [];
  /** Of a file in order: what may have to stand between what the next chunks bring. */
  private held: Ordered[] = [];
  private recordAt = 0;
  /** Of the record at recordAt, so far. */
  private messages = 0;
  /** What is before it was read by somebody else. */
  private from: Place | null = null;

  constructor(hostname: string, damage: Damage, isTidied: boolean, onRecord: RecordTaker | null = null) {
    this.mender = new Mender(hostname);
    this.damage = damage;
    this.isTidied = isTidied;
    this.onRecord = onRecord;
  }

  /** A copy. */
  get channels(): KnownChannels {
    return { schemas: new Map(this.schemas), kinds: new Map(this.kinds), topics: new Map(this.topics) };
  }

  /** As if all before `next` had been read; the tables in it are yet to be learned. */
  goOnFrom(next: Place, { schemas, kinds, topics }: KnownChannels): void {
    this.schemas = new Map(schemas);
    this.kinds = new Map(kinds);
    this.topics = new Map(topics);
    this.from = next;
  }

  /** A record of tables that was read before. */
  learn(kind: RecordKind, data: Uint8Array): void {
    for (const frame of this.mender.mend(frameFromRecord(kind, data))) this.decoder.decode(frame);
  }

  /** The message that is being read, or comes next. */
  get place(): Place {
    return { recordAt: this.recordAt, message: Math.max(0, this.messages - 1) };
  }

  /** The record of the file at `recordAt` comes next. */
  beginRecord(recordAt: number): void {
    this.recordAt = recordAt;
    this.messages = 0;
  }

  schema(id: number, name: string): void {
    this.schemas.set(id, name);
  }

  channel({ id, schemaId, topic }: RawChannel): void {
    const known = isRunTopic(topic) ? 'run' : isDerivedTopic(topic) ? 'derived' : recordKindOfTopic(topic);
    this.kinds.set(id, known ?? recordKindOfTypeName(this.schemas.get(schemaId) ?? ''));
    this.topics.set(id, topic);
  }

  message({ channelId, sequence, logNs, data }: RawMessage): void {
    this.messages++;
    if (this.damage.stopped !== null || this.isBefore(this.from)) return;
    const kind = this.kinds.get(channelId) ?? null;
    if (kind === 'derived') return;
    if (kind === null) return this.damage.addUnknownChannel(this.topics.get(channelId) ?? `number ${channelId}`);
    try {
      if (kind === 'run') this.run(data, logNs);
      else this.record(kind, data, sequence, logNs);
    } catch (error) {
      // The decoder is of no use after a fault.
      this.damage.stopped = faultOrThrow(error).message;
    }
  }

  take(): readonly Signal[] {
    this.damage.setUnknownProbes([...this.decoder.skippedWindows.keys()]);
    const fresh = this.ready;
    this.ready = [];
    if (!this.isTidied) return fresh.map(({ signal }) => signal);
    if (fresh.length === 0) return [];
    // A part's chunks follow one another, and no part begins before the one before it has ended.
    const first = fresh.reduce((least, { order }) => Math.min(least, order), Number.POSITIVE_INFINITY);
    const before = this.held.filter(({ order }) => order < first);
    this.held = [...this.held.filter(({ order }) => order >= first), ...fresh];
    return inOrder(before);
  }

  /** What was held back. */
  finish(): readonly Signal[] {
    const rest = inOrder(this.held);
    this.held = [];
    return rest;
  }

  private record(kind: RecordKind, data: Uint8Array, order: number, logNs: bigint): void {
    if (kind === 'window' && this.plainWindow(data, order, logNs)) return;
    const frame = this.parsed(() => frameFromRecord(kind, data));
    if (!frame) return;
    for (const mended of this.mender.mend(frame)) {
      const signal = this.decoder.decode(mended);
      this.onRecord?.(storedRecord(mended), signal, logNs);
      if (signal) this.ready.push({ order, signal });
    }
  }

  /** Most of a large file is windows with which nothing is out of the ordinary: they need no mending. */
  private plainWindow(data: Uint8Array, order: number, logNs: bigint): boolean {
    const signal = this.mender.hasDevice ? this.decoder.plainWindow(data) : null;
    if (!signal) return false;
    this.onRecord?.({ kind: 'window', topic: windowTopic(signal.probe), data, isUnderstood: true }, signal, logNs);
    this.ready.push({ order, signal });
    return true;
  }

  private run(data: Uint8Array, logNs: bigint): void {
    const run = this.parsed(() => readWindowRun(data));
    if (!run) return;
    const plain = this.plainRun(run);
    const fillers = (plain ? [] : this.mender.mendRun(run)).flatMap((frame) => {
      const signal = this.decoder.decode(frame);
      this.onRecord?.(storedRecord(frame), signal, logNs);
      return signal ? [signal] : [];
    });
    const windows = plain ?? this.windows(run);
    const first = windows[0]?.order ?? 0;
    this.ready.push(...fillers.map((signal) => ({ order: first, signal })));
    for (const { order, window } of windows) this.ready.push({ order, signal: window });
  }

  private isBefore(place: Place | null): boolean {
    return place?.recordAt === this.recordAt && this.messages <= place.message;
  }

  /** null where it needs what is lost: looking for that takes as long as reading it. */
  private plainRun(run: WindowRun): readonly OrderedWindow[] | null {
    if (!this.mender.hasDevice) return null;
    try {
      return this.windows(run);
    } catch (error) {
      faultOrThrow(error);
      return null;
    }
  }

  private windows(run: WindowRun): readonly OrderedWindow[] {
    return this.decoder.decodeRun(run) ?? [];
  }

  /** null for bytes that are no such message: with a right checksum only a strange writer makes them. */
  private parsed<T>(parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      this.damage.addPlace(faultOrThrow(error).message);
      return null;
    }
  }
}

/** Stable: what has one place stays as it came. */
function inOrder(records: readonly Ordered[]): Signal[] {
  return records.toSorted((a, b) => a.order - b.order).map(({ signal }) => signal);
}

function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}
